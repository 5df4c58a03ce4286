/** A trace that the team is to delete on the platform. */
export interface PlannedTrace {
  traceId: string
  environment?: string | undefined
  /** When it began, epoch milliseconds. */
  startMs?: number | undefined
  /** Why this one: drawn at random, or named. */
  why: string
  /** Traces of its day and environment that stay: an export without one of them says nothing of this trace. */
  controls: string[]
}

/** Where it is looked for: an export made after the deletion, or what the platform's API answers to the team's command. */
export type DeletionChannel = 'export' | 'command'

/** What one trace was found to be; `unknown` is an error, or a look that proves nothing. */
export interface Sighting {
  traceId: string
  found: 'present' | 'gone' | 'unknown'
  /** When, where the look as a whole took its time. */
  atMs?: number
  why?: string | undefined
}

export interface DeletionLook {
  /** Of what it looked at, epoch milliseconds. */
  atMs: number
  channel: DeletionChannel
  files?: string[]
  sightings: Sighting[]
  /** Traces older than the declared retention: how many the pilot's store knows, and how many the export still lists. */
  retention?: { days: number; known: number; listed: number; oldestMs?: number | undefined }
}

/** A deletion from its plan to the last look; each step is kept as a run of its own, with all that came before. */
export interface DeletionProbe {
  plannedMs: number
  seed?: number
  traces: PlannedTrace[]
  /** When the team deleted them, epoch milliseconds. */
  deletedMs?: number
  looks: DeletionLook[]
}

/** What is known of one trace, or of the last of several; milliseconds after the deletion. */
export interface Fate {
  state: 'gone' | 'present' | 'unknown'
  /** It was there until then at least. */
  lowMs: number
  /** It was gone by then; undefined while it was not. */
  highMs?: number
  why?: string | undefined
}

export interface TraceFate extends Fate {
  trace: PlannedTrace
  channels: ({ channel: DeletionChannel } & Fate)[]
}

/** What a look at some traces found: a trace that is absent is gone only where one of its controls is there. */
export function sightingsOf(
  traces: readonly PlannedTrace[],
  /** `absent` is what the source says; any other text is why it could not say. */
  look: (traceId: string) => 'present' | 'absent' | { error: string },
): Sighting[] {
  return traces.map(({ traceId, controls }): Sighting => {
    const seen = look(traceId)
    if (seen === 'present') return { traceId, found: 'present' }
    if (seen !== 'absent') return { traceId, found: 'unknown', why: seen.error }
    if (controls.some((control) => look(control) === 'present')) return { traceId, found: 'gone' }
    const why =
      controls.length === 0
        ? 'no other trace of its day and environment is known, so that its absence proves nothing'
        : `${controls.join(' and ')}, not deleted, ${controls.length > 1 ? 'are' : 'is'} absent too`
    return { traceId, found: 'unknown', why }
  })
}

/** How each trace stands: gone when it is gone wherever it was looked for. Without a deletion nothing is known. */
function fatesOf({ traces, deletedMs, looks }: DeletionProbe): TraceFate[] {
  const channels = [...new Set(looks.map(({ channel }) => channel))].sort()
  return traces.map((trace) => {
    const known = channels.map((channel) => ({
      channel,
      ...fateOn(
        looks.filter((look) => look.channel === channel),
        trace.traceId,
        deletedMs ?? 0,
      ),
    }))
    return { trace, channels: known, ...together(known) }
  })
}

function fateOn(looks: readonly DeletionLook[], traceId: string, deletedMs: number): Fate {
  const seen = looks.flatMap(({ atMs, sightings }) =>
    sightings
      .filter((each) => each.traceId === traceId)
      .map((each) => ({ atMs: each.atMs ?? atMs, found: each.found, why: each.why })),
  )
  const present = seen.filter(({ found }) => found === 'present').map(({ atMs }) => atMs)
  const last = present.length === 0 ? undefined : Math.max(...present)
  const gone = seen.filter(({ found, atMs }) => found === 'gone' && (last === undefined || atMs > last))
  const lowMs = last === undefined ? 0 : last - deletedMs
  if (gone.length > 0) return { state: 'gone', lowMs, highMs: Math.min(...gone.map(({ atMs }) => atMs)) - deletedMs }
  if (last !== undefined) return { state: 'present', lowMs }
  return { state: 'unknown', lowMs: 0, why: seen.at(-1)?.why }
}

/** The last of several: one that is still there outweighs all that is unknown. */
function together(fates: readonly Fate[]): Fate {
  if (fates.length === 0) return { state: 'unknown', lowMs: 0, why: 'nobody has looked yet' }
  const lowMs = Math.max(...fates.map((fate) => fate.lowMs))
  if (fates.some(({ state }) => state === 'present')) return { state: 'present', lowMs }
  const unknown = fates.find(({ state }) => state === 'unknown')
  if (unknown) return { state: 'unknown', lowMs, why: unknown.why }
  return { state: 'gone', lowMs, highMs: Math.max(...fates.map(({ highMs = 0 }) => highMs)) }
}

/** How long the last trace took, with how many stand how. */
export function summariseDeletion(probe: DeletionProbe) {
  const fates = fatesOf(probe)
  const count = (state: Fate['state']) => fates.filter((fate) => fate.state === state).length
  return {
    fates,
    last: together(fates),
    gone: count('gone'),
    present: count('present'),
    unknown: count('unknown'),
    channels: [...new Set(probe.looks.map(({ channel }) => channel))].sort(),
    retention: probe.looks.findLast(({ retention }) => retention !== undefined)?.retention,
  }
}
