import { hunksOf } from '../core/line-diff.js'
import type { TextDiff, VersionSide } from '../core/prompts/diff-sides.js'
import { formatCount, nothing } from './number.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'
import { visible } from './text.js'

/** What `pilot prompts diff` shows. */
export interface DiffReport {
  platform: string
  a: VersionSide
  b: VersionSide
  text: TextDiff
}

/** The text, variables, settings, models and tools of two versions; without `wantsText` lines are counted, not shown. */
export function formatDiff(
  { platform, a, b, text }: DiffReport,
  { wantsText, ...options }: TerminalOptions & { wantsText: boolean },
): string {
  const hasDrift = [a, b].filter(({ texts }) => texts > 1)
  const head: Section = {
    title: `${a.label} against ${b.label} on ${platform}`,
    lines: [
      textLine({ a, b, text }),
      ...hasDrift.map(
        ({ label, texts, read }) =>
          `${label} has ${formatCount(texts)} texts in ${formatCount(read)} runs read; compared is the most frequent`,
      ),
    ],
  }
  const lines = wantsText && 'lines' in text ? unified(text, options) : []
  const sections = [
    countSection('Variables', ['variable', 'runs'], [a.variables, b.variables]),
    settingsSection(a, b),
    countSection('Models', ['model', 'calls'], [a.models, b.models]),
    countSection('Tools', ['tool', 'runs'], [a.tools, b.tools]),
  ]
  return [
    ...formatSection(head, options),
    ...lines,
    '',
    ...sections.flatMap((section) => [...formatSection(section, options), '']),
  ].join('\n')
}

function textLine({ a, b, text }: Pick<DiffReport, 'a' | 'b' | 'text'>): string {
  if ('why' in text) return `text not compared: ${text.why}`
  const count = (wanted: '-' | '+') => text.lines.filter(({ sign }) => sign === wanted).length
  const [out, into] = [count('-'), count('+')]
  const what = `${a.text?.sort} ${a.text?.hash} against ${b.text?.hash}`
  return out + into === 0 ? `${what}: the same` : `${what}: ${formatCount(out)} lines out, ${formatCount(into)} in`
}

/** As `diff -u` writes it; the texts are untrusted. */
function unified({ lines }: Extract<TextDiff, { lines: unknown }>, { color }: TerminalOptions): string[] {
  const paint = { ' ': String, '-': color.red, '+': color.green }
  return hunksOf(lines).flatMap((hunk) => [
    color.dim(`@@ -${hunk.a.start},${hunk.a.lines} +${hunk.b.start},${hunk.b.lines} @@`),
    ...hunk.lines.map(({ sign, text }) => paint[sign](`${sign}${visible(text)}`)),
  ])
}

type Counts = ReadonlyMap<string, number>

function countSection(title: string, [what, unit]: [string, string], [a, b]: [Counts, Counts]): Section {
  const names = [...new Set([...a.keys(), ...b.keys()])].sort()
  const rows = names.map((name) => [name, formatCount(a.get(name)), formatCount(b.get(name))])
  return {
    title,
    table: { head: [what, `${unit} of the first`, `${unit} of the second`], align: 'lrr', rows },
    lines: rows.length === 0 ? ['none recorded'] : [],
  }
}

function settingsSection(a: VersionSide, b: VersionSide): Section {
  const names = [...new Set([...a.settings.keys(), ...b.settings.keys()])].sort()
  const rows = names.map((name) => {
    const [one, other] = [a, b].map(({ settings }) => valuesText(settings.get(name)))
    return [name, one!, other!, one === other ? '' : 'differs'] // of two sides
  })
  return {
    title: 'Model settings',
    table: { head: ['setting', 'the first', 'the second', ''], align: 'llll', rows },
    lines: rows.length === 0 ? ['none recorded'] : [],
  }
}

/** The most frequent values first, without how often: the sides have different numbers of runs. */
function valuesText(values: Counts | undefined): string {
  if (values === undefined) return nothing
  const ordered = [...values].sort((x, y) => y[1] - x[1] || (x[0] < y[0] ? -1 : 1)).map(([value]) => value)
  return ordered.length > 3 ? `${ordered.slice(0, 3).join(', ')} and ${ordered.length - 3} more` : ordered.join(', ')
}
