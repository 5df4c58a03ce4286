import { resolve } from 'node:path'
import { PilotError } from '../core/errors.js'
import type { Context } from './context.js'
import { parseOrigins } from './run-origins.js'

interface NewOptions {
  id?: string[]
  complaint?: string[]
  count?: number
  seed: number
  include?: string[]
  engineers?: string
  out?: string
}

/** `pilot drill new`. */
export async function runNew(context: Context, options: NewOptions): Promise<number> {
  const { makeDrill } = await import('../jobs/drill/make-drill.js')
  const { formatMadeDrill } = await import('../reports/drill-made.js')
  const loaded = await context.loadConfig()
  const made = await makeDrill(
    loaded,
    {
      ids: options.id ?? [],
      complaints: options.complaint ?? [],
      count: options.count,
      seed: options.seed,
      include: parseOrigins(options.include),
      engineers: options.engineers?.split(',').map((alias) => alias.trim()) ?? [],
    },
    context.io.nowMs(),
  )
  if (options.out !== undefined) await writePack(context, options.out, made.drill.id)
  if (context.options.json) context.printJson({ schemaVersion: 1, ...made, pack: options.out ?? null })
  else {
    const isByRule = options.id === undefined && options.complaint === undefined
    const wanted = isByRule ? (options.count ?? loaded.config.drills.incidents.min) : 0
    context.print(formatMadeDrill({ ...made, wanted }, context))
  }
  if (options.out !== undefined)
    context.remark(`Wrote ${options.out} for colleagues: pilot drill start --pack ${options.out}`)
  context.remark('Next: pilot drill key, then pilot drill start')
  return 0
}

async function writePack(context: Context, out: string, id: string): Promise<void> {
  const { findDrill, packFromStore } = await import('../jobs/drill/open-pack.js')
  const { workspaceOf } = await import('../jobs/workspace.js')
  const { writeAtomically } = await import('../config/atomic-write.js')
  const db = workspaceOf(await context.loadConfig()).open('read')
  const pack = packFromStore(db, findDrill(db, id))
  writeAtomically(resolve(context.io.cwd, out), `${JSON.stringify(pack, null, 2)}\n`, 0o600)
}

interface KeyOptions {
  cause?: string
  answer?: string[]
  by?: string
  note?: string
  drill?: string
}

/** `pilot drill key`. */
export async function runKey(context: Context, incident: string | undefined, options: KeyOptions): Promise<number> {
  const { confirmAnswers, readDrillKey } = await import('../jobs/drill/confirm.js')
  const { formatDrillKey } = await import('../reports/drill-key.js')
  const loaded = await context.loadConfig()
  const answers = answersOf(options)
  if (Object.keys(answers).length > 0) {
    if (incident === undefined || options.by === undefined)
      throw new PilotError('An answer needs its incident and who confirms it.', {
        hint: 'pilot drill key i1 --cause model --by lead',
      })
    await confirmAnswers(
      loaded,
      { drill: options.drill, incident, answers, by: options.by, note: options.note },
      context.io.nowMs(),
    )
  }
  const found = readDrillKey(loaded, options.drill)
  const shown =
    incident === undefined ? found.incidents : found.incidents.filter((each) => each.incident.id === incident)
  if (shown.length === 0)
    throw new PilotError(`Drill ${found.drill.id} has no incident ${incident}.`, {
      hint: `It has ${found.drill.incidents.map(({ id }) => id).join(', ')}.`,
    })
  if (context.options.json)
    context.printJson({
      schemaVersion: 1,
      drill: found.drill.id,
      incidents: shown.map(({ incident: one, key, missing }) => ({
        ...one,
        key: Object.fromEntries([...key].map(([question, { from, right }]) => [question, { from, right }])),
        missing,
      })),
    })
  else context.print(formatDrillKey({ ...found, incidents: shown }, context))
  const waiting = found.incidents.find(({ missing }) => missing.length > 0)
  context.remark(
    `Next: ${waiting === undefined ? 'pilot drill start' : `pilot drill key ${waiting.incident.id} --cause … --by ALIAS`}`,
  )
  return 0
}

function answersOf({ cause, answer = [] }: KeyOptions): Record<string, string> {
  const pairs = answer.map((written) => {
    const place = written.indexOf('=')
    if (place < 1)
      throw new PilotError(`--answer: ${JSON.stringify(written)} has no "=".`, { hint: '--answer release=4c1d9e2' })
    return [written.slice(0, place), written.slice(place + 1)]
  })
  return Object.fromEntries([...pairs, ...(cause === undefined ? [] : [['cause', cause]])])
}

interface ReportOptions {
  file?: string
}

/** `pilot drill report`. */
export async function runReport(context: Context, { file }: ReportOptions): Promise<number> {
  const { formatDrillReport } = await import('../reports/drill.js')
  const { drillReportJson } = await import('../reports/drill-json.js')
  const { drillsForProduct } = await import('../core/audience/drills.js')
  const names = await context.namesForProduct()
  const isShort = names !== undefined
  const { report: all, problems } = file === undefined ? await storedReport(context) : await fileReport(context, file)
  const report = names === undefined ? all : drillsForProduct(names)(all)
  for (const { line, message } of problems) context.warn(`problem ${file}:${line}: ${message}`)
  if (context.options.json) context.printJson(drillReportJson(report, isShort))
  else context.print(formatDrillReport(report, { ...context, isShort }))
  context.remark('Next: pilot scorecard')
  return 0
}

async function storedReport(context: Context) {
  const { readDrillReport } = await import('../jobs/drill/report.js')
  const { workspaceOf } = await import('../jobs/workspace.js')
  const loaded = await context.loadConfig()
  return { report: readDrillReport(workspaceOf(loaded).open('read'), loaded.config), problems: [] }
}

async function fileReport(context: Context, file: string) {
  const { reportFile } = await import('../jobs/drill/file-attempts.js')
  return reportFile(file, context.io)
}
