import { mkdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import type { LoadedConfig } from '../../config/load.js'
import { isAlias } from '../../core/alias.js'
import { assignIncidents } from '../../core/drill/assign.js'
import { foldAttempts } from '../../core/drill/attempt.js'
import type { DrillPack } from '../../core/drill/pack.js'
import { PilotError } from '../../core/errors.js'
import { ingestIntoPilot } from '../ingest-into-pilot.js'
import { workspaceOf } from '../workspace.js'
import type { DrillTask } from './attempt-run.js'
import { type Journal, openJournal } from './journal.js'
import { findDrill, packFromStore, readPack } from './open-pack.js'

export interface StartOptions {
  engineer: string
  arm: string | undefined
  drill: string | undefined
  /** A pack on a machine without the store. */
  pack: string | undefined
}

/** A drill that an engineer is about to work on. */
export interface StartedDrill {
  pack: DrillPack
  engineer: string
  tasks: DrillTask[]
  journal: Journal
  /** Takes what the journal holds into the store; with a pack there is none, and the file is for the lead. */
  store(): Promise<void>
  /** What has to be sent to the lead; undefined where the store is here. */
  toSend: string | undefined
}

/** Opens a drill for an engineer, from the store or from a pack. Throws `PilotError` (exit 2) for a wrong alias, arm or drill. */
export async function startDrill(
  load: () => Promise<LoadedConfig>,
  options: StartOptions,
  world: { cwd: string; nowMs(): number },
): Promise<StartedDrill> {
  const engineer = requireAlias(options.engineer)
  const opened =
    options.pack === undefined
      ? await fromStore(await load(), options, world)
      : fromPack(options.pack, engineer, world.cwd)
  const tasks = tasksOf(opened.pack, engineer, options.arm)
  const journal = openJournal(opened.journalPath)
  // What an interrupted run has left in the journal comes in first.
  if (journal.events.length > 0) await opened.store()
  return { pack: opened.pack, engineer, tasks, journal, store: opened.store, toSend: opened.toSend }
}

function requireAlias(engineer: string): string {
  if (isAlias(engineer)) return engineer
  throw new PilotError(`--engineer: ${JSON.stringify(engineer)} is no alias.`, {
    hint: 'One word such as e1, the same each time; never a name or an address.',
  })
}

interface Opened {
  pack: DrillPack
  journalPath: string
  store(): Promise<void>
  toSend: string | undefined
}

async function fromStore(
  loaded: LoadedConfig,
  { drill, engineer }: StartOptions,
  world: { cwd: string; nowMs(): number },
): Promise<Opened> {
  const workspace = workspaceOf(loaded)
  const db = workspace.open('read')
  const found = findDrill(db, drill)
  const pack = packFromStore(db, found)
  db.close()
  const folder = join(dirname(workspace.databasePath), 'drills')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const journalPath = join(folder, `${found.id}.${engineer}.jsonl`)
  return { pack, journalPath, store: () => ingestJournal(loaded, journalPath, world), toSend: undefined }
}

function fromPack(path: string, engineer: string, cwd: string): Opened {
  const pack = readPack(path, cwd)
  const name = `${basename(path).replace(/\.[a-z]+$/i, '')}.${engineer}.jsonl`
  const journalPath = join(dirname(resolve(cwd, path)), name)
  return { pack, journalPath, store: async () => {}, toSend: journalPath }
}

async function ingestJournal(loaded: LoadedConfig, path: string, { nowMs }: { nowMs(): number }): Promise<void> {
  const file = join('.pilot', 'drills', basename(path))
  await ingestIntoPilot(loaded, [file], {
    kind: 'attempts',
    platform: undefined,
    format: undefined,
    nowMs: nowMs(),
    stdin: Readable.from([]),
    cwd: loaded.directory,
    thread: undefined,
    onProgress: () => {},
  })
}

/** What an engineer has to work on, in order. */
function tasksOf(pack: DrillPack, engineer: string, arm: string | undefined): DrillTask[] {
  const wanted = arm === 'baseline' ? (pack.baseline ?? arm) : arm
  if (wanted !== undefined && !pack.arms.includes(wanted))
    throw new PilotError(`--arm: ${wanted} is not in this drill.`, {
      hint: `It has ${pack.arms.join(', ')}.${wanted === 'baseline' ? ' pilot.baseline in pilot.yaml names what the team has today.' : ''}`,
    })
  const complaints = new Map(pack.incidents.map(({ id, complaint }) => [id, complaint]))
  return assignIncidents(pack, engineer)
    .filter((task) => wanted === undefined || task.arm === wanted)
    .map((task) => ({ ...task, complaint: complaints.get(task.incident) ?? [] }))
}

/** How many of an engineer's tasks have no ended attempt yet. */
export function openTasks({ tasks, journal }: Pick<StartedDrill, 'tasks' | 'journal'>): DrillTask[] {
  const done = new Set(
    foldAttempts(journal.events)
      .filter(({ outcome }) => outcome !== 'open')
      .map(({ incident }) => incident),
  )
  return tasks.filter(({ incident }) => !done.has(incident))
}
