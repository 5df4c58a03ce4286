import { hasJudged } from '../core/eval/result.js'
import type { RunSummary } from '../core/eval/summarise.js'
import type { ComparedRuns } from './compare-runs.js'
import { gateVerdicts, lostGates } from './gate-verdicts.js'
import { formatCount, formatPercent } from './number.js'
import { visible } from './text.js'

/** GitHub shows ten of a step. */
const most = 10

const levels = ['error', 'warning', 'notice'] as const

interface Annotation {
  level: (typeof levels)[number]
  title: string
  message: string
}

/** Runs as annotations: a gate that judged nothing is an error, one that some outputs do not pass a warning. */
export function formatRunAnnotations(
  runs: readonly { summary: RunSummary; gates: ReadonlyMap<string, string> }[],
): string[] {
  return formatAnnotations(
    runs.flatMap(({ summary: { run, checks }, gates }) =>
      checks.flatMap(({ id, check, counts, rate }): Annotation[] => {
        if (check === undefined || !check.gate) return []
        const title = `${run.id} ${id}`
        const why = gates.get(id)
        if (why !== undefined) return [{ level: 'warning', title, message: `holds no release: ${why}` }]
        if (!hasJudged(counts)) return [{ level: 'error', title, message: `judged nothing: ${counts.error} errors` }]
        const message = `${formatCount(counts.pass)} of ${formatCount(rate.n)} pass (${formatPercent(rate.rate)})${counts.error === 0 ? '' : `, ${formatCount(counts.error)} errors`}`
        return [{ level: counts.fail + counts.error === 0 ? 'notice' : 'warning', title, message }]
      }),
    ),
  )
}

/** A comparison as annotations: regressed is an error, safe a notice, whatever lies between a warning. */
export function formatComparisonAnnotations(compared: ComparedRuns): string[] {
  const verdicts = gateVerdicts(compared)
  const { suite } = compared.b
  return formatAnnotations([
    ...verdicts.map(
      ({ id, verdict, numbers }): Annotation => ({
        level: verdict === 'regressed' ? 'error' : verdict === 'safe' ? 'notice' : 'warning',
        title: `${suite} ${id}: ${verdict ?? 'not measured'}`,
        message: numbers,
      }),
    ),
    ...lostGates(compared).map(
      ({ id, why }): Annotation => ({ level: 'warning', title: `${suite} ${id}`, message: `holds no release: ${why}` }),
    ),
    ...(verdicts.length > 0
      ? []
      : [{ level: 'warning' as const, title: `${suite}: inconclusive`, message: 'no check holds the release' }]),
  ])
}

function formatAnnotations(found: readonly Annotation[]): string[] {
  const sorted = [...found].sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level))
  const shown = sorted.slice(0, sorted.length > most ? most - 1 : most)
  const rest = sorted.length - shown.length
  const more: Annotation = { level: 'notice', title: 'pilot eval', message: `${rest} more stand in the summary` }
  return [...shown, ...(rest > 0 ? [more] : [])].map(
    ({ level, title, message }) => `::${level} title=${property(title)}::${data(message)}`,
  )
}

/** As GitHub's own toolkit escapes what stands behind the second `::`. */
function data(text: string): string {
  return visible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** And a property before it. */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
