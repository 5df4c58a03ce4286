import { formatCount, formatTime } from './number.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'

interface Rows {
  traces: number
  platforms: Record<string, number>
  rows: Record<string, number>
}

/** What a purge takes out, or took out. */
export interface ShownPurge extends Rows {
  dryRun: boolean
  selector: string | null
  beforeMs: number | null
  files: readonly { path: string; lines: number }[]
  purgedBefore: readonly string[]
  undated: number
  proof: {
    files: number
    pieces: number
    found: number
    sha256: string
    shared: number
    words: number
    left: readonly {
      file: string
      place: string | undefined
      what: string
      pieces: number
      traces: readonly string[]
    }[]
  } | null
}

/** One entry of the log of purges. */
export interface ShownEntry extends Rows {
  timeMs: number
  selector: string
  by?: string
  state: 'removed' | 'scrubbed'
  proof?: { files: number; pieces: number; found: number }
}

/** What goes in a table, then what was searched and what is left. */
export function formatPurge(report: ShownPurge, options: TerminalOptions): string {
  const isNothing = report.traces === 0 && Object.keys(report.rows).length === 0
  const verb = report.dryRun ? 'Would purge' : 'Purged'
  const section: Section = {
    title: isNothing ? `${verb} nothing` : `${verb} ${tracesText(report)}`,
    table: {
      head: ['what', 'rows'],
      align: 'lr',
      rows: Object.entries(report.rows).map(([what, n]) => [what, formatCount(n)]),
    },
    lines: [...remarks(report), ...proofLines(report)],
  }
  return formatSection(section, options).join('\n')
}

function tracesText({ traces, platforms }: Rows): string {
  const each = Object.entries(platforms).map(([platform, count]) => `${platform} ${formatCount(count)}`)
  return `${count(traces, 'trace')}${each.length > 0 ? ` (${each.join(', ')})` : ''}`
}

function remarks({ beforeMs, files, purgedBefore, undated, dryRun }: ShownPurge): string[] {
  return [
    ...(beforeMs === null ? [] : [`began before ${formatTime(beforeMs)}`]),
    ...(undated > 0 ? [`${count(undated, 'trace')} without any time: nobody can tell how old, so kept`] : []),
    ...(purgedBefore.length > 0 ? [`purged before, and not stored any more: ${purgedBefore.join(', ')}`] : []),
    ...files.map(({ path, lines }) => `${path}: ${count(lines, 'line')} ${dryRun ? 'would go' : 'gone'}`),
  ]
}

function proofLines({ proof }: ShownPurge): string[] {
  if (proof === null) return []
  const { files, pieces, words, found, shared, left, sha256 } = proof
  return [
    `searched ${count(files, 'file')} in .pilot for ${formatCount(pieces)} ids and pieces of text: ${formatCount(found)} found`,
    ...(shared > 0
      ? [`${formatCount(shared)} of the pieces stand in runs that stay (prompts, documents), so they prove nothing`]
      : []),
    ...left.map(({ file, place, what, pieces, traces }) => {
      const where = `${file}${place === undefined ? '' : `, ${place}`}`
      const of = traces.length > 0 ? `, as in trace ${traces.join(', ')}` : ''
      return `left: ${what} (${formatCount(pieces)}) in ${where}${of}`
    }),
    ...(words > 0 ? [`${count(words, 'short name')} looked for in every row`] : []),
    ...(sha256 === '' ? [] : [`pilot.db has the SHA-256 ${sha256}`]),
  ]
}

/** The purges so far, the oldest first. */
export function formatPurgeLog(purges: readonly ShownEntry[], options: TerminalOptions): string {
  if (purges.length === 0) return 'Nothing was purged yet.'
  const rows = purges.map((purge) => [
    formatTime(purge.timeMs),
    purge.selector,
    purge.by ?? '—',
    formatCount(purge.traces),
    formatCount(Object.values(purge.rows).reduce((sum, n) => sum + n, 0)),
    stateText(purge),
  ])
  const table = { head: ['time (UTC)', 'selected by', 'by', 'traces', 'rows', 'state'], align: 'lllrrl', rows }
  return formatSection({ title: 'Purges', table }, options).join('\n')
}

function stateText({ state, proof, selector }: ShownEntry): string {
  if (selector === 'restore') return 'brought back'
  if (state === 'removed') return 'not scrubbed yet'
  if (proof === undefined) return 'scrubbed, not searched'
  return `scrubbed, ${formatCount(proof.found)} found in ${count(proof.files, 'file')}`
}

/** The document of `pilot purge --json`. */
export function purgeJson(report: ShownPurge) {
  const { proof, ...rest } = report
  return {
    schemaVersion: 1,
    ...rest,
    proof: proof && { ...proof, left: proof.left.map((each) => ({ ...each, place: each.place ?? null })) },
  }
}

function count(n: number, word: string): string {
  return `${formatCount(n)} ${word}${n === 1 ? '' : 's'}`
}
