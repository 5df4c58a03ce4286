import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import type { LoadedConfig } from '../config/load.js'
import { PilotError } from '../core/errors.js'
import { createPolicy } from '../core/privacy/policy.js'
import { type DeletionLook, type DeletionProbe, type Sighting, sightingsOf } from '../core/probes/deletion.js'
import { startOf } from '../core/select.js'
import { type CommandEnd, runCommand } from '../io/run-command.js'
import { loadHash } from '../io/salt.js'
import { eachOutline } from '../store/each-trace.js'
import { eachAtOnce } from './eval/each-at-once.js'
import { unreadIn, withExport } from './fresh-export.js'
import { openExisting, workspaceOf } from './workspace.js'

export interface DeletionSources {
  /** Exports that were made after the deletion. */
  files: readonly string[]
  format: string | undefined
  /** When the export was made; the files' own time, if left out. */
  atMs: number | undefined
  clock(): number
  stdin: Readable
  cwd: string
}

type Deleted = DeletionProbe & { deletedMs: number }

/** Looks in the exports and asks the team's command, whichever there is. Throws `PilotError` where there is neither. */
export async function lookEverywhere(
  loaded: LoadedConfig,
  probe: Deleted,
  sources: DeletionSources & { platform: string },
): Promise<DeletionLook[]> {
  const { command } = loaded.config.probes.deletion
  if (sources.files.length === 0 && command === undefined)
    throw new PilotError('There is nothing to look at.', {
      hint: 'pilot probe deletion verify FRESH-EXPORT; or name a program in probes.deletion.command of pilot.yaml.',
    })
  const looks: DeletionLook[] = []
  if (sources.files.length > 0) looks.push(await lookInExport(loaded, probe, sources))
  if (command !== undefined) looks.push(await askCommand(loaded, probe, command, sources.clock))
  return looks
}

async function lookInExport(
  loaded: LoadedConfig,
  { traces, deletedMs }: Deleted,
  sources: DeletionSources & { platform: string },
): Promise<DeletionLook> {
  const nowMs = sources.clock()
  const atMs = sources.atMs ?? madeAtMs(sources, nowMs)
  if (atMs < deletedMs || atMs > nowMs)
    throw new PilotError(
      atMs > nowMs
        ? '--at: the time has not come yet.'
        : `The export is of ${new Date(atMs).toISOString()}, before the deletion.`,
      { hint: 'Make a fresh export; --at TIME says when it was made, where its file does not.' },
    )
  const { retention_days: days } = loaded.config.probes.deletion
  const beforeMs = atMs - (days ?? 0) * 86_400_000
  return withExport(loaded, { ...sources, nowMs }, ({ db, reports }) => {
    const wanted = new Set(traces.flatMap(({ traceId, controls }) => [traceId, ...controls]))
    const listed = new Set<string>()
    const ages = ageTally(beforeMs)
    for (const trace of eachOutline(db, sources.platform)) {
      if (wanted.has(trace.traceId)) listed.add(trace.traceId)
      ages.add(startOf(trace))
    }
    const bad = unreadIn(reports)
    const sightings = sightingsOf(traces, (traceId) => {
      if (listed.has(traceId)) return 'present'
      return bad === 0 ? 'absent' : { error: `records of the export that could not be read: ${bad}` }
    })
    const { older, oldestMs } = ages.result()
    const retention = days !== undefined && {
      retention: { days, known: knownOlder(loaded, sources.platform, beforeMs), listed: older, oldestMs },
    }
    return { atMs, channel: 'export', files: [...sources.files], sightings, ...retention }
  })
}

/** When the oldest of the files was last written; standard input is of now, and so is what seems to come from the future. */
function madeAtMs({ files, cwd }: DeletionSources, nowMs: number): number {
  const times = files.filter((file) => file !== '-').map((file) => fileTimeMs(resolve(cwd, file)) ?? nowMs)
  return Math.min(nowMs, ...times)
}

function fileTimeMs(path: string): number | undefined {
  const stat = statSync(path, { throwIfNoEntry: false }) // missing: who opens it says so
  return stat === undefined ? undefined : Math.floor(stat.mtimeMs)
}

/** How many traces began before a moment, and when the oldest did. */
function ageTally(beforeMs: number) {
  let older = 0
  let oldestMs: number | undefined
  return {
    add(startMs: number | undefined): void {
      if (startMs === undefined) return
      if (startMs < beforeMs) older += 1
      oldestMs = Math.min(oldestMs ?? startMs, startMs)
    },
    result: () => ({ older, oldestMs }),
  }
}

/** How many traces of the pilot's own store are older than that. */
function knownOlder(loaded: LoadedConfig, platform: string, beforeMs: number): number {
  const db = openExisting(loaded)
  if (db === undefined) return 0
  const ages = ageTally(beforeMs)
  for (const trace of eachOutline(db, platform)) ages.add(startOf(trace))
  db.close()
  return ages.result().older
}

const atATime = 4

/** Asks the team's program for each trace, and for those that stayed: without one of them its answers prove nothing. */
async function askCommand(
  loaded: LoadedConfig,
  { traces }: Deleted,
  command: readonly string[],
  clock: () => number,
): Promise<DeletionLook> {
  const { config, directory } = loaded
  const ids = [...new Set(traces.flatMap(({ traceId, controls }) => [traceId, ...controls]))]
  const { applyText } = await createPolicy(config.capture.privacy ?? [], loadHash(workspaceOf(loaded).saltPath))
  const said = new Map<string, { seen: ReturnType<typeof answerOf>; startMs: number; endMs: number }>()
  await eachAtOnce(ids, atATime, async (id, signal) => {
    const argv = command.map((part) => part.replaceAll('{trace}', () => id)) // as text, `$&` would be a pattern
    const options = { input: '', timeoutMs: config.probes.deletion.timeout, limitBytes: 1_000_000 }
    const startMs = clock()
    const isOption = argv.some((part, index) => part.startsWith('-') && !command[index]!.startsWith('-'))
    const ended = isOption
      ? { failure: 'the id begins with -, as an option does' }
      : await runCommand(argv, { ...options, cwd: directory, signal })
    const seen = 'failure' in ended ? { error: `the command: ${ended.failure}` } : answerOf(ended, applyText)
    said.set(id, { seen, startMs, endMs: clock() })
  })
  const sightings = sightingsOf(traces, (id) => said.get(id)!.seen) // each was asked above
  return { atMs: clock(), channel: 'command', sightings: sightings.map(timed) }

  /** What is there was there when it was asked for; what is gone was gone when the answer had come. */
  function timed(sighting: Sighting): Sighting {
    const { startMs, endMs } = said.get(sighting.traceId)! // each was asked above
    return { ...sighting, atMs: sighting.found === 'present' ? startMs : endMs }
  }
}

/**
 * What it prints goes before how it ends; an exit of 1 with words on standard error is an error, and no answer. The last of
 * those words are kept, as the privacy rules leave them.
 */
function answerOf({ exitCode, stdout, stderr }: CommandEnd, applyText: (text: string) => string) {
  const printed = presentIn(stdout)
  if (exitCode === 0 && printed !== 'neither') return printed === false ? 'absent' : 'present'
  if (exitCode === 1 && stdout.trim() === '' && stderr.trim() === '') return 'absent'
  const words = applyText(stderr.trim().split('\n').at(-1) ?? '').slice(0, 200)
  return {
    error: `the command: ${exitCode === 0 ? 'no "present" in what it printed' : `exit ${exitCode}${words ? `: ${words}` : ''}`}`,
  }
}

/** What a printed object says; undefined for other text, which leaves it to the exit code. */
function presentIn(stdout: string): boolean | 'neither' | undefined {
  if (!stdout.trimStart().startsWith('{')) return undefined
  try {
    const { present } = JSON.parse(stdout) as { present?: unknown }
    return typeof present === 'boolean' ? present : 'neither'
  } catch {
    return 'neither'
  }
}
