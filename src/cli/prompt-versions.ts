import { durationFault, durationForm, durationMs } from '../core/duration.js'
import { PilotError } from '../core/errors.js'
import { shellWord } from '../core/shell-word.js'
import type { Context } from './context.js'
import type { PlatformOption } from './measure.js'

/** `pilot prompts list`. */
export async function runList(
  context: Context,
  name: string | undefined,
  { platform, audience }: PlatformOption & { audience: string },
): Promise<number> {
  const loaded = await context.loadConfig()
  const { listVersions } = await import('../jobs/prompts/list-versions.js')
  const { listForProduct } = await import('../core/prompts/for-product.js')
  const read = listVersions(loaded, { name, platform, nowMs: context.io.nowMs() })
  const platforms = audience === 'product' ? read.map(listForProduct) : read
  if (context.options.json) {
    const { promptJson } = await import('../reports/prompts-json.js')
    context.printJson({
      schemaVersion: 1,
      platforms: platforms.map(({ prompts, ...each }) => ({ ...each, prompts: prompts.map(promptJson) })),
    })
    return 0
  }
  const { formatPrompts } = await import('../reports/prompts.js')
  for (const each of platforms) {
    if (platforms.length > 1) context.print(context.color.bold(`${each.platform} (${each.role})`))
    context.print(formatPrompts(each, context))
  }
  context.remark('Next: pilot prompts tests')
  return 0
}

/** `pilot prompts diff`. */
export async function runDiff(
  context: Context,
  a: string,
  b: string,
  { platform, audience }: PlatformOption & { audience: string },
): Promise<number> {
  const loaded = await context.loadConfig()
  const { diffVersions } = await import('../jobs/prompts/diff-versions.js')
  const diff = diffVersions(loaded, { labels: [a, b], platform })
  const wantsText = audience === 'engineering'
  if (context.options.json) {
    const { diffJson } = await import('../reports/prompts-json.js')
    context.printJson(diffJson(diff, wantsText))
    return 0
  }
  const { formatDiff } = await import('../reports/prompt-diff.js')
  context.print(formatDiff(diff, { width: context.width, color: context.color, wantsText }))
  context.remark(`Next: pilot eval compare ${shellWord(a)} ${shellWord(b)}`)
  return 0
}

/** `pilot prompts blame`. */
export async function runBlame(context: Context, id: string, { platform }: PlatformOption): Promise<number> {
  const loaded = await context.loadConfig()
  const { blameTrace } = await import('../jobs/prompts/blame-trace.js')
  const blame = blameTrace(loaded, { id, platform })
  if (context.options.json) {
    const { blameJson } = await import('../reports/prompts-json.js')
    context.printJson(blameJson(blame))
    return 0
  }
  const { formatBlame } = await import('../reports/prompt-blame.js')
  context.print(formatBlame(blame, context))
  context.remark(`Next: pilot trace ${shellWord(id)}`)
  return 0
}

/** `pilot prompts tests`: exit 1 where one failed. */
export async function runTests(
  context: Context,
  { platform, within }: PlatformOption & { within: string },
): Promise<number> {
  const loaded = await context.loadConfig()
  if (!durationForm.test(within))
    throw new PilotError(`--within ${within}: ${durationFault}.`, { hint: '--within 15m' })
  const withinMs = durationMs(within)
  const { testPrompts } = await import('../jobs/prompts/test-prompts.js')
  const platforms = testPrompts(loaded, { platform, withinMs })
  if (context.options.json) context.printJson({ schemaVersion: 1, withinMs, platforms })
  else {
    const { formatTests } = await import('../reports/prompt-tests.js')
    for (const each of platforms) {
      if (platforms.length > 1) context.print(context.color.bold(`${each.platform} (${each.role})`))
      context.print(formatTests(each.tests, within, context))
    }
    context.remark('Next: pilot prompts list')
  }
  return platforms.some(({ tests }) => tests.some(({ status }) => status === 'failed')) ? 1 : 0
}
