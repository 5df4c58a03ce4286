import { z } from 'zod'
import { PilotError } from '../../core/errors.js'
import type { RequiredField } from '../../core/evidence.js'
import { detectorNames } from '../../core/privacy/detectors/index.js'
import { actions, fieldRules } from '../../core/privacy/fields.js'
import { linearPattern } from '../../core/privacy/linear-pattern.js'
import { spanKinds } from '../../core/span.js'
import { type ContentField, contentFields } from '../../core/trace.js'
import { text } from './values.js'

// As an object, so that the compiler counts them: none of the type is left out here.
const spanFields: Record<Exclude<RequiredField, ContentField>, true> = {
  'prompt.name': true,
  'prompt.version': true,
  model: true,
  tokens: true,
  cost: true,
  user: true,
  tenant: true,
  session: true,
  request: true,
  environment: true,
  release: true,
  latency: true,
}

/** A field whose presence `pilot capture` measures. */
export const field = z.enum([...contentFields, ...Object.keys(spanFields)] as RequiredField[]) // the keys of the literal above

const paths = z.array(text).min(1).optional()

const Keys = z
  .strictObject({
    tenant: paths.describe('The customer or organisation that the run is for.'),
    user: paths.describe('The user who asked.'),
    session: paths.describe('The conversation or thread.'),
    request: paths.describe("The application's own id of the request: what joins traces to the request log."),
    release: paths.describe('The deployed version, such as a commit SHA.'),
    workflow: paths.describe('The workflow that ran.'),
    environment: paths.describe('Where it ran, such as production.'),
  })
  .describe(
    'Attribute paths where this application keeps each key, such as metadata.tenant_id; the first with a value wins.',
  )

const required = z
  .partialRecord(z.enum(spanKinds), z.array(field).min(1))
  .describe('Fields that every span of a kind must carry, by kind.')

const PrivacyRule = z
  .strictObject({
    field: text
      .optional()
      .describe(
        'A field by name, such as user or output, or an attribute by its path; * at the end stands for all below.',
      ),
    detect: z
      .array(z.enum(detectorNames))
      .min(1)
      .optional()
      .describe('Kinds of secrets and personal data, wherever they stand.'),
    match: text.optional().describe('A regular expression in RE2 syntax (linear time), wherever it matches.'),
    do: z
      .enum(actions)
      .describe('store: keep as it is. redact: blank out. hash: the same token for the same value. omit: leave out.'),
  })
  .superRefine(({ field, detect, match, do: action }, context) => {
    const fault = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message })
    if ([field, detect, match].filter((where) => where !== undefined).length !== 1)
      return fault([], 'needs one of field, detect and match')
    if (match !== undefined && isRefused(() => linearPattern(match)))
      fault(['match'], 'is no RE2 expression (linear time: no look-around, no back-references)')
    if (field !== undefined && isRefused(() => fieldRules([{ name: field, do: action }])))
      fault(['do'], 'would break the joins between traces, requests and feedback; use hash or store')
  })

/** `capture`: where this application keeps its keys, what must be there, and what must not. */
export const Capture = z.strictObject({
  keys: Keys.prefault({}),
  required: required.prefault({}),
  privacy: z
    .array(PrivacyRule)
    .optional()
    .describe(
      'What is done to each field before anything is written; secrets and payment cards are redacted unless a rule says otherwise.',
    ),
})

/** Privacy rules are compiled by whoever applies them; a fault is reported here, where its line is known. */
function isRefused(compile: () => unknown): boolean {
  try {
    compile()
    return false
  } catch (error) {
    if (error instanceof PilotError) return true
    throw error
  }
}
