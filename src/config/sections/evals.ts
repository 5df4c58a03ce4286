import { z } from 'zod'
import { checks } from '../../checks/index.js'
import { share } from './share.js'
import { duration, id, text } from './values.js'

const envName = z
  .string()
  .regex(
    /^[A-Z_][A-Z0-9_]{0,99}$/,
    'expected the name of an environment variable, such as OPENAI_API_KEY; never the key',
  )

const settings = z
  .record(text, z.json())
  .prefault({})
  .describe('More fields of the request: temperature, max_tokens, seed …')

const retries = z.number().int().min(0).max(10).default(3)

const Target = z
  .strictObject({
    platform: id.optional().describe('Recorded outputs of this platform only.'),
    prompt: text
      .optional()
      .describe(
        'Recorded outputs of this prompt version only: name, or name@version. A command or endpoint is told it.',
      ),
    release: text.optional().describe('Recorded outputs of this release only. A command or endpoint is told it.'),
    command: z
      .array(text)
      .min(1)
      .optional()
      .describe('A program with its arguments: reads one case as JSON, prints the output. No shell.'),
    url: text.optional().describe('An HTTP endpoint: one case is posted to it as JSON.'),
    model: text.optional().describe('A chat model, asked with the prompt file.'),
    endpoint: text
      .optional()
      .describe('Where the model is, up to /v1; without it the text goes to api.openai.com, which needs --yes.'),
    key_env: envName.optional().describe('The environment variable that holds the key.'),
    prompt_file: text
      .optional()
      .describe(
        'The prompt, beside pilot.yaml: {{name}} stands for an input of the case. Without it the input is sent.',
      ),
    settings,
    output: text
      .optional()
      .describe(
        'Where the answer of a command or endpoint has the output: answer.text. Else "output", else all of it.',
      ),
    timeout: duration.prefault('60s').describe('How long one case may take.'),
    retries: retries.describe('How often a call is tried again after 408, 409, 429 or 5xx.'),
  })
  .superRefine((target, context) => {
    const kinds = (['command', 'url', 'model'] as const).filter((kind) => target[kind] !== undefined)
    if (kinds.length > 1)
      context.addIssue({
        code: 'custom',
        path: [kinds[1]!],
        message: `stands beside ${kinds[0]}; a suite has one target`,
      })
  })

const used = {
  id: id.optional().describe('How results call it; the name of the check, if left out.'),
  gate: z.boolean().default(true).describe('Whether a release is held against it; false only reports.'),
}

const [first, ...others] = checks.map((check) =>
  check.settings.extend({ check: z.literal(check.name).describe(check.summary), ...used }),
)

/** A check as a suite uses it: its own settings stand beside its name. */
const CheckUse = z.discriminatedUnion('check', [first!, ...others]).transform((written) => {
  const { check, id: own, gate, ...settings } = written as { check: string; id?: string; gate: boolean } // `used`, and what the check itself has parsed
  return { id: own ?? check, check, gate, settings: settings as Readonly<Record<string, unknown>> }
})

const Suite = z.strictObject({
  id: id.describe('How it is called: pilot eval run ID.'),
  dataset: text
    .optional()
    .describe(
      'Cases, beside pilot.yaml: JSONL, CSV or YAML. Without it the recorded runs of the workflow are the cases.',
    ),
  target: Target.prefault({}).describe('What makes the outputs; outputs recorded in the store, if nothing is named.'),
  repeats: z.number().int().min(1).max(100).default(1).describe('Outputs per case.'),
  concurrency: z.number().int().min(1).max(64).default(4).describe('Cases at the same time.'),
  budget_usd: z.number().positive().optional().describe('US dollars after which a run stops.'),
  checks: z.array(CheckUse).min(1).describe('What each output is checked for.'),
})

const Promotion = z.strictObject({
  environments: z
    .array(text)
    .min(1)
    .default(['dev', 'staging', 'production'])
    .describe('Where prompts go live, in order; all but the first ask for evidence.'),
  suites: z
    .array(id)
    .min(1)
    .optional()
    .describe('Suites that a version must have run to be promoted; all, if left out.'),
})

/** `evals`: suites of checks, and what a release may lose. */
export const Evals = z
  .strictObject({
    margin: share.prefault('5 %').describe('The pass rate that a new version may lose at most, fixed before the data.'),
    suites: z.array(Suite).default([]).describe('Named checks over cases.'),
    promotion: Promotion.prefault({}).describe('What lets a prompt go live: pilot prompts promote.'),
  })
  .superRefine(({ suites, promotion }, context) => {
    const fault = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
    for (const [at, suite] of suites.entries()) {
      if (suites.findIndex(({ id }) => id === suite.id) < at)
        fault(['suites', at, 'id'], 'names the same suite as an earlier one')
      const ids = suite.checks.map((check) => check.id)
      for (const [place, name] of ids.entries())
        if (ids.indexOf(name) < place)
          fault(['suites', at, 'checks', place], `is called ${name} like an earlier one; give it an id`)
    }
    for (const [at, name] of promotion.environments.entries())
      if (promotion.environments.indexOf(name) < at)
        fault(['promotion', 'environments', at], 'names the same environment as an earlier one')
    for (const [at, name] of (promotion.suites ?? []).entries())
      if (!suites.some((suite) => suite.id === name))
        fault(['promotion', 'suites', at], `names no suite of evals.suites`)
  })

const Judge = z
  .strictObject({
    id: id.describe('How checks name it.'),
    model: text.describe('The model that judges.'),
    endpoint: text
      .optional()
      .describe('Where it is, up to /v1; without it the text goes to api.openai.com, which needs --yes.'),
    key_env: envName.optional().describe('The environment variable that holds the key.'),
    rubric: text.describe('What good is: a file beside pilot.yaml, or the text itself.'),
    scale: z
      .string()
      .regex(/^(pass-fail|-?\d{1,4}\.\.\d{1,4})$/, 'expected pass-fail, or a range such as 1..5')
      .default('pass-fail')
      .describe('How it answers: pass-fail, or a number from a range such as 1..5.'),
    pass_from: z.number().optional().describe('Of a range: the number from which on it passes.'),
    settings,
    timeout: duration.prefault('60s').describe('How long one answer may take.'),
    retries: retries.describe('How often it is asked again after 408, 409, 429 or 5xx.'),
    valid_for: z.number().int().min(1).max(365).default(90).describe('Days that a certificate lasts.'),
  })
  .superRefine(({ scale, pass_from }, context) => {
    if (scale !== 'pass-fail' && pass_from === undefined)
      context.addIssue({
        code: 'custom',
        path: ['pass_from'],
        message: 'missing; a range needs the number from which on it passes',
      })
  })

/** `judges`: models that judge; they may hold a release only with a certificate. */
export const Judges = z.array(Judge)

export type SuiteConfig = z.output<typeof Suite>
export type TargetConfig = z.output<typeof Target>
export type JudgeConfig = z.output<typeof Judge>
