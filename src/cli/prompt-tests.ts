import { durationFault, durationForm, durationMs } from '../core/duration.js'
import { PilotError } from '../core/errors.js'
import type { Context } from './context.js'
import type { PlatformOption } from './measure.js'
import { requireAliasOfBy } from './prompts.js'

interface TestOptions extends PlatformOption {
  within?: string
  by?: string
  dryRun?: boolean
  history?: boolean
}

/** `pilot prompts tests`: exit 1 where one failed. */
export async function runTests(context: Context, { platform, within, by, ...options }: TestOptions): Promise<number> {
  const loaded = await context.loadConfig()
  if (options.history) return printHistory(context, platform)
  requireAliasOfBy(by)
  const askedMs = loaded.config.prompts.within
  const withinMs = within === undefined ? askedMs : readWithin(within)
  const { testPrompts } = await import('../jobs/prompts/test-prompts.js')
  const { recordTests } = await import('../jobs/prompts/recorded-tests.js')
  const read = testPrompts(loaded, { platform, withinMs })
  const names = await context.namesForProduct()
  const { testsForProduct } = await import('../core/audience/blame.js')
  const platforms = names === undefined ? read : read.map(testsForProduct(names))
  // What product looks at is recorded by whoever may see all of it.
  const isRecorded = !options.dryRun && names === undefined
  const kept = isRecorded ? recordTests(loaded, read, { withinMs, by, nowMs: context.io.nowMs() }) : []
  if (context.options.json) {
    const { testsJson } = await import('../reports/prompt-tests-json.js')
    context.printJson(testsJson(platforms, kept, withinMs))
  } else {
    const { formatTests } = await import('../reports/prompt-tests.js')
    for (const [at, each] of platforms.entries()) {
      if (platforms.length > 1) context.print(context.color.bold(`${each.platform} (${each.role})`))
      context.print(formatTests(each.tests, { withinMs, askedMs, kept: kept[at] }, context))
    }
    context.remark(!isRecorded ? 'Nothing was recorded.' : 'Next: pilot prompts tests --history')
  }
  return platforms.some(({ tests }) => tests.some(({ status }) => status === 'failed')) ? 1 : 0
}

function readWithin(within: string): number {
  if (durationForm.test(within)) return durationMs(within)
  throw new PilotError(`--within ${within}: ${durationFault}.`, { hint: '--within 15m' })
}

async function printHistory(context: Context, platform: string | undefined): Promise<number> {
  const { testHistory } = await import('../jobs/prompts/recorded-tests.js')
  const read = testHistory(await context.loadConfig(), platform)
  const names = await context.namesForProduct()
  const { recordForProduct } = await import('../core/audience/blame.js')
  const records = names === undefined ? read : read.map(recordForProduct)
  if (context.options.json) {
    const { recordJson } = await import('../reports/prompt-tests-json.js')
    context.printJson({ schemaVersion: 1, records: records.map(recordJson) })
    return 0
  }
  const { formatTestHistory } = await import('../reports/prompt-tests.js')
  context.print(formatTestHistory(records, context))
  context.remark('Next: pilot scorecard')
  return 0
}
