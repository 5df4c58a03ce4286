import type { Evidence } from '../evidence.js'
import type { PromptTest, TestResult, TestStatus } from './tests.js'

/** How much the tests were made on. */
export interface Tested {
  runs: number
  /** Of prompts. */
  deployments: number
  /** Whole ones. */
  evalRuns: number
}

/** The four tests of one platform. */
export interface PlatformTests {
  platform: string
  role: Evidence['role']
  tests: TestResult[]
  tested: Tested
  /** Of all that the results follow from: the same evidence has the same one. */
  hash: string
}

/** What one test came to, and of how many deployments or prompts. */
export interface RecordedResult {
  test: PromptTest
  status: TestStatus
  passed: number
  failed: number
  notMeasured: number
}

/** The four tests of one platform as they were recorded. */
export interface TestRecord {
  platform: string
  hash: string
  /** Epoch milliseconds. */
  timeMs: number
  /** An alias. */
  by?: string
  withinMs: number
  tested: Tested
  results: RecordedResult[]
}

/** The last record, and what came in after it; negative where there is less now. */
export interface RecordedTests {
  record: TestRecord
  since: Tested
}

/** A result as it is kept: counts, and no ids of runs. */
export function recordedResult({ test, status, items }: TestResult): RecordedResult {
  const count = (wanted: TestStatus) => items.filter((item) => item.status === wanted).length
  return { test, status, passed: count('passed'), failed: count('failed'), notMeasured: count('not measured') }
}

/** What came in after a record. */
export function recordedSince(record: TestRecord, now: Tested): RecordedTests {
  const { runs, deployments, evalRuns } = record.tested
  return {
    record,
    since: {
      runs: now.runs - runs,
      deployments: now.deployments - deployments,
      evalRuns: now.evalRuns - evalRuns,
    },
  }
}

/** `412 runs, 1 deployment since`, or `nothing since`. */
export function sinceText({ runs, deployments, evalRuns }: Tested): string {
  const parts = [countText(runs, 'run'), countText(deployments, 'deployment'), countText(evalRuns, 'eval run')].flatMap(
    (part) => part ?? [],
  )
  return `${parts.length === 0 ? 'nothing' : parts.join(', ')} since`
}

function countText(count: number, word: string): string | undefined {
  if (count === 0) return undefined
  const size = Math.abs(count)
  return `${size} ${word}${size === 1 ? '' : 's'}${count < 0 ? ' fewer' : ''}`
}
