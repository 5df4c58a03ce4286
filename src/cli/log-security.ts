import { PilotError } from '../core/errors.js'
import type { Context } from './context.js'
import { record } from './log-run.js'

interface PlaceOptions {
  platform?: string
  evidence?: string
  by?: string
  out?: string
}

export interface SecurityOptions extends PlaceOptions {
  answer?: string
  until?: string
}

export interface AccessOptions extends PlaceOptions {
  role?: string
  right?: string
  allowed?: string
}

/** Prints the worksheet, or one question of it; with an answer, logs that. */
export async function runSecurity(
  context: Context,
  question: string | undefined,
  options: SecurityOptions,
): Promise<number> {
  const { securityOf } = await import('./security-options.js')
  const { answer, evidence, until, by, out, platform } = options
  if (answer !== undefined) {
    const loaded = await context.loadConfigIfAny()
    const told = securityOf(question, { ...options, answer, questions: loaded?.config.security.questions })
    return record(context, { platform, out }, told)
  }
  if (evidence !== undefined || until !== undefined || by !== undefined || out !== undefined)
    throw new PilotError('--answer is missing.', {
      hint: "pilot log security retention --answer '30 days' --evidence DOCUMENT --by ALIAS.",
    })
  return printWorksheet(context, question, platform)
}

async function printWorksheet(
  context: Context,
  question: string | undefined,
  platform: string | undefined,
): Promise<number> {
  const loaded = await context.loadConfig()
  const { requireQuestion } = await import('./security-options.js')
  const { readWorksheets } = await import('../jobs/security.js')
  if (question !== undefined) requireQuestion(question, loaded.config.security.questions)
  const sheets = readWorksheets(loaded, platform, context.io.nowMs())
  const { formatWorksheets, worksheetJson } = await import('../reports/security.js')
  const shown = sheets.map((sheet) => ({
    ...sheet,
    rows: sheet.rows.filter(({ id }) => question === undefined || id === question),
  }))
  if (context.options.json) context.printJson({ schemaVersion: 1, platforms: shown.map(worksheetJson) })
  else context.print(formatWorksheets(shown, context))
  const open = shown.flatMap(({ rows }) => rows).find(({ state }) => state === 'open')
  context.remark(
    open === undefined
      ? 'Next: pilot scorecard --audience security'
      : `Next: pilot log security ${open.id} --answer TEXT --evidence DOCUMENT --by ALIAS`,
  )
  return 0
}

/** Logs what a role may do. */
export async function runAccess(context: Context, options: AccessOptions): Promise<number> {
  const { accessOf } = await import('./security-options.js')
  const { platform, out } = options
  return record(context, { platform, out }, accessOf(options))
}
