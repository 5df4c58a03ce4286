import { type CheckedDataset, changeText, type FrozenDataset } from '../core/eval/dataset.js'
import type { Stratum } from '../core/eval/stratify.js'
import { formatChance, formatCount, formatDay } from './number.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'
import { clip } from './text.js'

interface MadeDataset {
  cases: readonly { output?: { value?: unknown }; labels: object }[]
  rule: string
  strata: readonly Stratum[]
  matching: number
  withoutInput: number
  duplicates: number
  disputed: number
  refused: Partial<Record<string, number>>
  redacted: number
  hasRequestLog: boolean
  sample: number | undefined
  /** The file, where one was written. */
  out: string | undefined
}

const some = (count: number, text: string) => (count > 0 ? [`${text}: ${formatCount(count)}`] : [])

/** How cases were made of runs. */
export function formatMadeDataset(made: MadeDataset, options: TerminalOptions): string {
  const { cases, strata, refused, sample, out } = made
  const left = Object.entries(refused).map(([origin, count]) => `${formatCount(count)} ${origin}`)
  return formatSection(
    {
      title: `${formatCount(cases.length)} ${cases.length === 1 ? 'case' : 'cases'}${out === undefined ? '' : ` in ${out}`}`,
      table: {
        head: ['of', 'inputs', 'cases'],
        align: 'lrr',
        rows: strata.map(({ name, size, taken }) => [name, formatCount(size), formatCount(taken)]),
      },
      lines: [
        `rule: ${made.rule}`,
        `runs: ${formatCount(made.matching)}; with an input that an earlier one had: ${formatCount(made.duplicates)}; without an input: ${formatCount(made.withoutInput)}`,
        ...some(cases.filter(({ output }) => output?.value === undefined).length, 'cases without a recorded output'),
        ...some(cases.filter(({ labels }) => Object.keys(labels).length > 0).length, 'cases with labels'),
        ...some(made.disputed, 'labels left out, since people disagree'),
        ...(left.length > 0
          ? [`left out, since they are no production: ${left.join(', ')} (--include takes them in)`]
          : []),
        ...(sample !== undefined && cases.length < sample
          ? [`fewer than the ${formatCount(sample)} wanted: no more inputs differ`]
          : []),
        ...some(made.redacted, 'cases that privacy rules newer than the data changed'),
        ...(made.hasRequestLog
          ? []
          : ['no request log: nobody knows which runs are production (pilot ingest --as requests)']),
      ],
    },
    options,
  ).join('\n')
}

const mostShown = 10

/** What a dataset is, and what it can show. */
export function formatCheckedDataset(checked: CheckedDataset, options: TerminalOptions): string {
  const { path, cases, tags, duplicates, problems } = checked
  const of = (count: number) => `${formatCount(count)} of ${formatCount(cases)}`
  const same = duplicates.slice(0, 5).map(({ id, sameAs }) => `${clip(id, 40)} as ${clip(sameAs, 40)}`)
  return formatSection(
    {
      title: `${path}: ${formatCount(cases)} ${cases === 1 ? 'case' : 'cases'}`,
      table: {
        head: ['tag', 'cases'],
        align: 'lr',
        rows: tags.slice(0, mostShown).map(({ name, cases: count }) => [name, formatCount(count)]),
      },
      lines: [
        ...(tags.length > mostShown ? [`${formatCount(tags.length - mostShown)} more tags`] : []),
        `hash ${checked.hash}; ${frozenText(checked)}`,
        `with a reference: ${of(checked.references)}; with a recorded output: ${of(checked.outputs)}`,
        `from: ${checked.origins
          .slice(0, 5)
          .map(({ name, cases: count }) => `${clip(name, 40)} ${formatCount(count)}`)
          .join(', ')}`,
        clustersText(checked),
        ...(duplicates.length > 0
          ? [`asked twice: ${of(duplicates.length)} (${same.join(', ')}${duplicates.length > 5 ? ' …' : ''})`]
          : []),
        ...some(problems.length, 'problems'),
        powerText(checked),
      ],
    },
    options,
  ).join('\n')
}

function clustersText({ cases, clusters }: CheckedDataset): string {
  const { count, largest } = clusters
  if (count === 0) return 'clusters: none stated, so cases count as independent'
  const all = `clusters: ${formatCount(count)} among ${formatCount(clusters.cases)} of ${formatCount(cases)} cases`
  if (largest === 1) return `${all}, each a cluster of its own`
  return `${all}, the largest of ${formatCount(largest)}; cases of one are not independent`
}

function frozenText({ frozen }: CheckedDataset): string {
  if (frozen === undefined) return 'not frozen'
  const day = formatDay(frozen.ms)
  if (frozen.isSame) return `as it was frozen on ${day}`
  return `differs from what was frozen on ${day}: ${changeText(frozen.change) ?? 'its lock was edited'}`
}

const few = 30
const many = 100

/** What this many cases can detect, with a word where they are few or many. */
function powerText({ cases, power }: CheckedDataset): string {
  const { lostShare, gainedShare, chance, settling } = power
  const size = cases < few ? `Fewer than ${few} cases: only a very large change is seen. ` : ''
  const enough = cases > many ? `More than ${many} cases: enough for large changes. ` : ''
  const seen = `With ${formatCount(cases)} ${cases === 1 ? 'case' : 'cases'} a drop from flips of ${formatChance(lostShare)} and ${formatChance(gainedShare)} is seen with a chance of ${formatChance(chance)}`
  const would =
    settling === undefined ? '' : `; ${formatCount(settling)} cases ${cases >= settling ? 'give' : 'would give'} 80 %`
  return `${size}${enough}${seen}${would}.`
}

/** What `pilot dataset freeze` did, in one line. */
export function formatFrozenDataset({ path, lock, hash, cases, since, frozenMs }: FrozenDataset): string {
  if (since?.isSame)
    return `${path} is as it was frozen on ${formatDay(since.ms)}: ${formatCount(cases)} cases, ${hash}.`
  const change = since && (changeText(since.change) ?? 'the older lock was edited')
  const what = `Wrote ${lock}: ${formatCount(cases)} ${cases === 1 ? 'case' : 'cases'}, ${hash}, ${formatDay(frozenMs)}.`
  return since === undefined ? what : `${what}\nSince ${formatDay(since.ms)}: ${change}.`
}

/** A checked dataset as data; null where it was never frozen, or no number of cases is enough. */
export function checkedDatasetJson({ frozen, power, ...checked }: CheckedDataset) {
  return {
    schemaVersion: 1,
    ...checked,
    frozen: frozen === undefined ? null : frozenJson(frozen),
    power: { ...power, settling: power.settling ?? null },
  }
}

/** A frozen dataset as data; `since` is null the first time. */
export function frozenDatasetJson({ since, frozenMs, ...frozen }: FrozenDataset) {
  return {
    schemaVersion: 1,
    ...frozen,
    frozenAt: new Date(frozenMs).toISOString(),
    since: since === undefined ? null : frozenJson(since),
  }
}

function frozenJson({ ms, isSame, change }: NonNullable<CheckedDataset['frozen']>) {
  return { at: new Date(ms).toISOString(), isSame, ...change }
}
