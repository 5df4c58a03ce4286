import type { RepeatCount } from '../core/evidence.js'
import type { Finding } from '../core/findings.js'
import { formatCount, formatDuration } from './number.js'
import { formatRange } from './percentile-text.js'
import { basisText } from './repeats.js'

type Writers = { [Kind in Finding['kind']]: (finding: Extract<Finding, { kind: Kind }>) => string }

/** Counts stand after a colon, so that no sentence has to know one from many. */
const writers: Writers = {
  'missing requests': ({ missing, outside, duplicate, late, examples }) => {
    const counts = { 'without a trace': missing, 'outside workflow.match': outside, 'with several traces': duplicate }
    return `Requests: ${listCounts({ ...counts, 'traced at another time': late })}.${forExample(examples)}`
  },
  'unmapped outputs': ({ spans, names, examples }) => {
    const where =
      names.length === 0 ? '' : ` (${names.map(({ name, spans }) => `${name} ${formatCount(spans)}`).join(', ')})`
    return `Outputs without a prompt version: ${formatCount(spans)}${where}.${forExample(examples)}`
  },
  retries: (found) => `Retries, ${repeated(found)}`,
  fallbacks: (found) => `Fallbacks to another model, ${repeated(found)}`,
  'slow tenant': ({ tenant, n, medianMs, low, high, overallMs }) => {
    const interval = `n ${formatCount(n)}, 95 % CI ${formatRange(formatDuration(low), formatDuration(high))}`
    return `Slow tenant ${tenant}: median ${formatDuration(medianMs)} (${interval}), overall ${formatDuration(overallMs)}.`
  },
  'unpriced models': ({ models, spans }) => {
    const names = models.length === 0 ? '' : ` (${models.join(', ')})`
    return `Spans without a price: ${formatCount(spans)}${names}. Their cost is unknown, not 0.`
  },
  'repeated usage': ({ spans, naive, counted }) => {
    const sum = `${formatCount(naive.input)} input and ${formatCount(naive.output)} output tokens`
    const once = `${formatCount(counted.input)} and ${formatCount(counted.output)}`
    return `Spans that repeat the tokens of others: ${formatCount(spans)}. A plain sum gives ${sum}, counted once ${once}.`
  },
  leaks: ({ rules, examples }) => {
    const found = rules.map(({ rule, count }) => `${rule} in ${formatCount(count)} spans`).join(', ')
    return `Found in the export before redaction: ${found}.${forExample(examples)}`
  },
  'loose metadata': ({ key, spellings, conflicting, tooManyValues }) => {
    const faults = [
      ...(spellings.length > 0 ? [`several spellings (${spellings.map((set) => set.join(' = ')).join('; ')})`] : []),
      ...(conflicting > 0 ? [`contradicting values in runs: ${formatCount(conflicting)}`] : []),
      ...(tooManyValues ? ['a value of its own in nearly every run'] : []),
    ]
    return `Metadata key ${key}: ${faults.join(', ')}.`
  },
  'unfinished source': ({ path, state, problems }) => `Source ${path}: ${state}, problems: ${formatCount(problems)}.`,
}

/** A finding in one sentence; its names and ids are untrusted text. */
export function findingText(finding: Finding): string {
  // Each writer takes the findings of its own kind: the table above says so, the compiler cannot follow it through the look-up.
  const write = writers[finding.kind] as (finding: Finding) => string
  return write(finding)
}

function repeated(found: RepeatCount): string {
  const { runs, spans, examples } = found
  return `${basisText(found)}: runs ${formatCount(runs)}, spans ${formatCount(spans)}.${forExample(examples)}`
}

function listCounts(counts: Record<string, number>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${formatCount(count)} ${what}`)
    .join(', ')
}

function forExample(ids: readonly string[]): string {
  return ids.length === 0 ? '' : ` For example: ${ids.join(', ')}`
}
