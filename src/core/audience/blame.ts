import type { Blame, MissingAttribute } from '../prompts/blame.js'
import type { PlatformTests, TestRecord } from '../prompts/recorded.js'
import type { TestItem, TestResult } from '../prompts/tests.js'
import type { Names } from './names.js'
import { deploymentSight } from './prompts.js'
import { each, none, only, own } from './sight.js'
import { hourOf } from './traces.js'

/** What made the output of a run, by names and hashes: the run that was asked for has no id here, and no span. */
export function blameForProduct(names: Names): (blame: Blame) => Blame {
  const deployment = deploymentSight(names)
  return only<Blame>({
    platform: own,
    traceId: () => 'the run',
    startMs: (ms) => hourOf(ms),
    call: ({ step, model, answered }) => ({
      ...{ spanId: 'one call', step: names.of('step', step), answered },
      model: model === undefined ? undefined : names.of('model', model),
    }),
    name: (name) => names.of('prompt', name),
    version: (version) => names.of('version', version),
    text: ({ sort, hash }) => ({ sort, hash }),
    others: each((prompt) => names.ofPrompt(prompt)),
    release: (release) => names.of('release', release),
    environment: (environment) => names.of('environment', environment),
    deployment,
    liveThen: deployment,
    releaseDeployment: deployment,
    missing: each(only<MissingAttribute>({ attribute: own, why: () => 'the trace does not say' })),
  })
}

/** The four tests of a platform, in counts. */
export function testsForProduct(names: Names): (tests: PlatformTests) => PlatformTests {
  return only<PlatformTests>({
    platform: own,
    role: 'shown',
    tests: each(testForProduct(names)),
    tested: 'shown',
    hash: () => '',
  })
}

/** What was recorded of them, without who did. */
export const recordForProduct = only<TestRecord>({
  platform: own,
  hash: () => '',
  timeMs: 'shown',
  by: 'hidden',
  withinMs: 'shown',
  tested: 'shown',
  results: 'shown',
})

/** The tests of prompt versions without ids of runs; why each came out so in words that quote nothing. */
function testForProduct(names: Names): (result: TestResult) => TestResult {
  return only<TestResult>({
    test: 'shown',
    status: 'shown',
    reason: () => 'there is nothing to test it on yet',
    items: each(
      only<TestItem>({
        prompt: (prompt) => names.ofPrompt(prompt),
        environment: (environment) => names.of('environment', environment),
        atMs: 'shown',
        status: 'shown',
        reason: (reason) => (quotesNothing.has(reason) ? reason : 'two versions met the same cases or inputs'),
        shown: 'shown',
        stragglers: 'shown',
        afterMs: 'shown',
        examples: none,
      }),
    ),
  })
}

const quotesNothing: ReadonlySet<string> = new Set([
  'it was never seen, other versions were',
  'other versions ran on before it was seen',
  'seen in time; other versions ran on',
  'seen in time',
  'seen in the first run after that; other versions ran on',
  'seen in the first run after that',
  'other versions ran on',
  'every run that names a version shows it',
  'seen in time, and no run came after that',
  'no run after it names a version',
  'no run of the prompt came after it',
  'fewer than two versions were seen',
  'no two versions met the same input',
  'reviewed, and an eval run before it',
  'no review is recorded',
  'no whole eval run before it',
  'no review is recorded; no whole eval run before it',
])
