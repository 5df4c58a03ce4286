import type { NoneMet } from '../core/none-met.js'
import { shellWord } from '../core/shell-word.js'
import type { TraceCondition } from '../jobs/find-traces.js'
import { formatCount, formatTime } from '../reports/number.js'
import type { TraceFlags } from './trace-filter.js'

/** Which condition leaves no run. */
export interface Widening {
  runs: number
  conditions: { option: string; runs: number; others: number }[]
  nearestMs: number | null
  lines: string[]
  /** The same search with more room. */
  next: string | undefined
}

const flagOf: Readonly<Record<TraceCondition, keyof TraceFlags>> = {
  platform: 'platform',
  sinceMs: 'since',
  untilMs: 'until',
  status: 'status',
  tenant: 'tenant',
  user: 'user',
  session: 'session',
  request: 'request',
  near: 'around',
  model: 'model',
  prompt: 'prompt',
  release: 'release',
  minLatencyMs: 'minLatency',
  minCostUsd: 'minCost',
  feedback: 'feedback',
  text: 'text',
}

/** In words which condition to give up, and the command that does. */
export function wideningOf({ runs, conditions, nearest }: NoneMet<TraceCondition>, flags: TraceFlags): Widening {
  const counted = conditions.map(({ key, ...counts }) => ({ option: typed(flagOf[key], flags), ...counts }))
  const found = { runs, conditions: counted, nearestMs: nearest?.ms ?? null }
  const empty = conditions.find(({ runs: met }) => met === 0)
  const lone = conditions.filter(({ others }) => others > 0).toSorted((a, b) => b.others - a.others)[0]
  if (runs === 0 || conditions.length === 0) return { ...found, lines: [], next: undefined }
  if (lone !== undefined) {
    const option = typed(flagOf[lone.key], flags)
    const line = lone.key === 'near' && nearest !== undefined ? nearestLine(nearest.ms) : []
    const only =
      conditions.length === 1
        ? `none of ${runsText(runs)} meets ${option}`
        : `${runsText(lone.others)} ${lone.others === 1 ? 'meets' : 'meet'} everything but ${option}`
    return { ...found, lines: [only, ...line], next: commandOf(without(lone.key, flags, nearest?.awayMs)) }
  }
  const alone = counted.map(({ option, runs: met }) => `${option}: met by ${runsText(met)}`)
  const next = empty === undefined ? undefined : commandOf(without(empty.key, flags, undefined))
  return { ...found, lines: ['no single condition leaves none; each by itself:', ...alone], next }
}

function nearestLine(ms: number): string[] {
  return [`the nearest of them began ${formatTime(ms).slice(0, 16).replace('T', ' ')} UTC`]
}

const runsText = (runs: number) => `${formatCount(runs)} ${runs === 1 ? 'run' : 'runs'}`

/** The options without one; or, of nearness, with as much room as the nearest run needs. */
function without(key: TraceCondition, flags: TraceFlags, awayMs: number | undefined): TraceFlags {
  if (key !== 'near') return { ...flags, [flagOf[key]]: undefined }
  return awayMs === undefined
    ? { ...flags, around: undefined, within: undefined }
    : { ...flags, within: roomFor(awayMs) }
}

/** The next round duration that holds it. */
function roomFor(awayMs: number): string {
  const hours = awayMs / 3_600_000
  const round = [1, 3, 12, 24].find((each) => hours <= each)
  return round === undefined ? `${Math.ceil(hours / 24)}d` : `${round}h`
}

const written = [...Object.values(flagOf), 'within', 'zone', 'sort'] as readonly (keyof TraceFlags)[]

function commandOf(flags: TraceFlags): string {
  return [
    'pilot traces',
    ...written.filter((flag) => flags[flag] !== undefined).map((flag) => typed(flag, flags)),
  ].join(' ')
}

/** `--min-cost 0.05`. */
function typed(flag: keyof TraceFlags, flags: TraceFlags): string {
  const name = flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return `--${name} ${shellWord(flags[flag] ?? '')}`
}
