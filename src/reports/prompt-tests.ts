import { durationText } from '../core/duration.js'
import type { TestRecord } from '../core/prompts/recorded.js'
import { type PromptTest, promptTests, type TestItem, type TestResult } from '../core/prompts/tests.js'
import { formatCount, formatDuration, nothing } from './number.js'
import { exampleText, minuteText } from './prompts.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'

const titles: Record<PromptTest, (within: string) => string> = {
  'version-visible': (within) => `a new version shows in traces within ${within} of its deployment`,
  'versions-compared': () => 'two versions ran on the same inputs',
  'rollback-reflected': (within) => `from ${within} after a rollback on, traces show the old version`,
  'reviewed-before-production': () => 'each version in production had a review, and an eval run before it',
}

/** How many deployments or prompts of a test are shown; failures first. */
const shown = 10

/** What the tests were held against, what pilot.yaml asks for, and the record; none of a dry run. */
interface Held {
  withinMs: number
  askedMs: number
  kept: { record: TestRecord; isNew: boolean } | undefined
}

/** The four tests with what each found. */
export function formatTests(tests: readonly TestResult[], held: Held, options: TerminalOptions): string {
  const within = durationText(held.withinMs)
  const summary: Section = {
    title: 'Tests of prompt versions',
    table: {
      head: ['test', 'result', 'passed', 'failed', 'not measured'],
      align: 'llrrr',
      rows: tests.map(({ test, status, items }) => [test, status, ...countsOf(items)]),
    },
    lines: [
      ...tests.flatMap(({ test, reason }) => (reason === undefined ? [] : [`${test}: ${reason}`])),
      ...heldLines(held),
    ],
  }
  const sections = tests
    .filter(({ items }) => items.length > 0)
    .map((result): Section => {
      const rank = { failed: 0, passed: 1, 'not measured': 2 }
      const items = [...result.items].sort((a, b) => rank[a.status] - rank[b.status])
      return {
        title: `${result.test}: ${titles[result.test](within)}`,
        lines: [
          ...items.slice(0, shown).map(itemText),
          ...(items.length > shown ? [`and ${formatCount(items.length - shown)} more: --json`] : []),
        ],
      }
    })
  return [summary, ...sections].flatMap((section) => [...formatSection(section, options), '']).join('\n')
}

function heldLines({ withinMs, askedMs, kept }: Held): string[] {
  const asked = `held against --within ${durationText(withinMs)}; pilot.yaml has ${durationText(askedMs)}`
  return [...(withinMs === askedMs ? [] : [asked]), ...(kept === undefined ? [] : [keptText(kept)])]
}

function keptText({ record: { timeMs, by }, isNew }: NonNullable<Held['kept']>): string {
  const when = `${minuteText(timeMs)} UTC${by === undefined ? '' : ` by ${by}`}`
  return isNew ? `recorded ${when}` : `recorded before, ${when}, on the same evidence: nothing was added`
}

/** Each record in a row, the oldest first. */
export function formatTestHistory(records: readonly TestRecord[], options: TerminalOptions): string {
  const names: Record<PromptTest, string> = {
    'version-visible': 'visible',
    'versions-compared': 'compared',
    'rollback-reflected': 'rollback',
    'reviewed-before-production': 'reviewed',
  }
  const section: Section = {
    title: `Recorded tests of prompt versions: ${formatCount(records.length)}`,
    table: {
      head: ['recorded', 'platform', 'within', ...promptTests.map((test) => names[test]), 'runs', 'by'],
      align: 'lllllllrl',
      rows: records.map(({ platform, timeMs, by, withinMs, tested, results }) => [
        ...[minuteText(timeMs), platform, durationText(withinMs)],
        ...promptTests.map((test) => results.find((result) => result.test === test)?.status ?? nothing),
        ...[formatCount(tested.runs), by ?? nothing],
      ]),
    },
    lines: records.length === 0 ? ['None yet: pilot prompts tests records them.'] : [],
  }
  return [...formatSection(section, options), ''].join('\n')
}

function countsOf(items: readonly TestItem[]): string[] {
  return (['passed', 'failed', 'not measured'] as const).map((status) => {
    const count = items.filter((item) => item.status === status).length
    return items.length === 0 ? nothing : formatCount(count)
  })
}

function itemText({
  prompt,
  environment,
  atMs,
  status,
  reason,
  shown: seen,
  stragglers = 0,
  afterMs,
  examples,
}: TestItem): string {
  const where = environment === undefined ? '' : ` in ${environment}`
  const when = atMs === undefined ? '' : ` ${minuteText(atMs)}`
  const first = afterMs === undefined ? '' : `; first seen after ${formatDuration(afterMs)}`
  const counts =
    seen === undefined || seen + stragglers === 0
      ? ''
      : `; later runs: ${formatCount(seen)} show it, ${formatCount(stragglers)} another version`
  return exampleText(`${status}: ${prompt}${where}${when}: ${reason}${first}${counts}`, examples)
}
