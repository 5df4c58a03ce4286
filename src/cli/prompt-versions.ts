import { shellWord } from '../core/shell-word.js'
import type { Context } from './context.js'
import type { PlatformOption } from './measure.js'

/** `pilot prompts list`. */
export async function runList(
  context: Context,
  name: string | undefined,
  { platform }: PlatformOption,
): Promise<number> {
  const loaded = await context.loadConfig()
  const { listVersions } = await import('../jobs/prompts/list-versions.js')
  const { listForProduct } = await import('../core/audience/prompts.js')
  const read = listVersions(loaded, { name, platform, nowMs: context.io.nowMs() })
  const names = await context.namesForProduct()
  const platforms = names === undefined ? read : read.map((each) => listForProduct(each, names))
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
export async function runDiff(context: Context, a: string, b: string, { platform }: PlatformOption): Promise<number> {
  const loaded = await context.loadConfig()
  const { diffVersions } = await import('../jobs/prompts/diff-versions.js')
  const { diffForProduct } = await import('../core/audience/prompts.js')
  const read = diffVersions(loaded, { labels: [a, b], platform })
  const names = await context.namesForProduct()
  const diff = names === undefined ? read : diffForProduct(read, names)
  const wantsText = names === undefined
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
  const { blameForProduct } = await import('../core/audience/blame.js')
  const read = blameTrace(loaded, { id, platform })
  const names = await context.namesForProduct()
  const blame = names === undefined ? read : blameForProduct(names)(read)
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
