import type { Readable, Writable } from 'node:stream'
import { select, text, updateSettings } from '@clack/prompts'
import type { Draft } from '../config/render.js'
import { templates } from '../config/templates/index.js'
import { exitCodes, PilotError } from '../core/errors.js'
import { parseTarget } from '../core/target.js'
import { criteria } from '../criteria/index.js'

/** Where init runs; prompts read `stdin` and draw on `prompts`. */
export interface InitWorld {
  cwd: string
  env: Readonly<Record<string, string | undefined>>
  stdin: Readable & { isTTY?: boolean | undefined }
  prompts: Writable
  nowMs(): number
}

/** The draft with a person's answers in it; Enter keeps what is proposed. Throws `PilotError` (exit 130) if they cancel. */
export async function askDraft(draft: Draft, { stdin, prompts }: InitWorld, hasTemplate: boolean): Promise<Draft> {
  // Readline ends at Ctrl-D, and the prompt would wait for ever.
  updateSettings({ aliases: { '\u0004': 'cancel' } })
  const streams = { input: stdin, output: prompts }
  const ask = async (message: string, proposed: string, validate: (answer: string) => string | undefined) =>
    answered(
      await text({
        ...streams,
        message,
        defaultValue: proposed,
        placeholder: proposed,
        validate: (answer) => validate(answer || proposed),
      }),
    )

  const template = hasTemplate || draft.observed ? draft.template : await askTemplate(draft, streams)
  const platform = await ask(
    'Which visibility tool is under pilot (an id for --platform)?',
    draft.platform,
    problemWithId,
  )
  const owner = await ask('Who answers for the decision?', draft.owner, () => undefined)
  const start = await ask('First day of the window (UTC)?', draft.start, problemWithDay)
  const end = await ask(
    'Last day of the window (UTC, included)?',
    draft.end,
    (day) => problemWithDay(day) ?? (day < start ? 'lies before the first day' : undefined),
  )
  const targets: Draft['criteria'][number][] = []
  for (const { id, target, must } of draft.criteria) {
    const { title, unit } = criteria.find((criterion) => criterion.id === id)! // the draft is made of the catalogue
    const problem = (answer: string) => {
      const parsed = parseTarget(answer, unit)
      return typeof parsed === 'string' ? parsed : undefined
    }
    targets.push({ id, must, target: await ask(`${title}${must ? ' (a must)' : ''}: target?`, target, problem) })
  }
  return { ...draft, template, platform, owner, start, end, criteria: targets }
}

async function askTemplate(
  { template }: Draft,
  streams: { input: InitWorld['stdin']; output: InitWorld['prompts'] },
): Promise<Draft['template']> {
  const options = templates.map(({ name, title }) => ({ value: name, label: name, hint: title }))
  const name = answered(
    await select({ ...streams, message: 'Which workflow is it like?', options, initialValue: template.name }),
  )
  return templates.find((one) => one.name === name)! // one of the options
}

function answered(answer: string | symbol): string {
  if (typeof answer === 'symbol')
    throw new PilotError('Cancelled; nothing was written.', { exitCode: exitCodes.interrupted })
  return answer
}

function problemWithId(id: string): string | undefined {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(id) ? undefined : 'letters, digits, ".", "_" and "-" only'
}

function problemWithDay(day: string): string | undefined {
  const isDay =
    /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day)
  return isDay ? undefined : 'a day such as 2026-03-02'
}
