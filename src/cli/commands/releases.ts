import { InvalidArgumentError, Option } from 'commander'
import { durationFault, durationForm, durationMs } from '../../core/duration.js'
import { shellWord } from '../../core/shell-word.js'
import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'
import { type PlatformOption, platformOption } from '../measure.js'
import { parseShare } from '../share.js'

export const releases: AddCommand = (program, run) => {
  program
    .command('releases')
    .summary('before and after a release or a prompt version')
    .description(
      'Without a name, every deployment and every version first seen in traces. With one, the runs before and after it: scores, feedback, errors, latency and cost, each regressed, improved, unchanged within the margin, or inconclusive with the n needed; since when errors rose; whether the mix of runs changed; what else changed. Exits 1 if a metric regressed.',
    )
    .argument('[release]', 'a release, or a prompt version as NAME@VERSION')
    .addOption(
      new Option('--window <duration>', 'how long before and after').argParser(parseWindow).default(86_400_000, '24h'),
    )
    .option('--environment <name>', 'deployments and runs of this environment only')
    .option(
      '--margin <share>',
      'what counts as unchanged: points of shares, per cent of the median before of the rest (default: 5% and 10%)',
      parseShare,
    )
    .option('--lower-is-better <score...>', 'names of scores of which less is better')
    .option(...platformOption)
    .addHelpText(
      'after',
      examples(
        'pilot releases',
        'pilot releases e58c2d4',
        'pilot releases support-answer@8 --window 48h',
        "pilot releases e58c2d4 --json | jq '.platforms[0].comparison.metrics'",
      ),
    )
    .action(run(runReleases))
}

function parseWindow(written: string): number {
  const ms = durationForm.test(written) ? durationMs(written) : 0
  if (ms > 0) return ms
  throw new InvalidArgumentError(`${durationFault}.`)
}

interface ReleasesOptions extends PlatformOption {
  window: number
  environment?: string
  margin?: number
  lowerIsBetter?: string[]
}

async function runReleases(context: Context, word: string | undefined, options: ReleasesOptions): Promise<number> {
  return word === undefined ? showList(context, options) : showComparison(context, word, options)
}

async function showList(
  context: Context,
  { window: windowMs, environment, platform }: ReleasesOptions,
): Promise<number> {
  const { listReleases } = await import('../../jobs/releases/list.js')
  const { formatReleaseList } = await import('../../reports/release-list.js')
  const { releaseListJson } = await import('../../reports/release-json.js')
  const { changeForProduct } = await import('../../core/audience/releases.js')
  const read = listReleases(await context.loadConfig(), { windowMs, environment, platform })
  const names = await context.namesForProduct()
  const see = names === undefined ? undefined : changeForProduct(names)
  const found = read.map(({ changes, ...each }) => ({ ...each, changes: see ? changes.map(see) : changes }))
  if (context.options.json) {
    context.printJson({
      schemaVersion: 1,
      windowMs,
      platforms: found.map(({ changes, ...each }) => ({ ...each, releases: releaseListJson(changes) })),
    })
    return 0
  }
  for (const { platform: id, role, changes } of found) {
    if (found.length > 1) context.print(context.color.bold(`${id} (${role})`))
    context.print(formatReleaseList(changes, { width: context.width, color: context.color, windowMs }))
  }
  context.remark('Next: pilot releases <release|name@version>')
  return 0
}

async function showComparison(context: Context, word: string, options: ReleasesOptions): Promise<number> {
  const { compareReleases } = await import('../../jobs/releases/compare.js')
  const { formatRelease } = await import('../../reports/release.js')
  const { releaseJson } = await import('../../reports/release-json.js')
  const margins = { share: options.margin ?? 0.05, relative: options.margin ?? 0.1 }
  const { windowOf } = await import('../../jobs/platforms.js')
  const loaded = await context.loadConfig()
  const read = compareReleases(loaded, word, {
    windowMs: options.window,
    margins,
    lowerScores: options.lowerIsBetter ?? [],
    environment: options.environment,
    platform: options.platform,
  })
  const { comparisonForProduct } = await import('../../core/audience/releases.js')
  const names = await context.namesForProduct()
  const see = names === undefined ? undefined : comparisonForProduct(names)
  const found = read.map(({ comparison, ...each }) => ({
    ...each,
    comparison: comparison && see ? see(comparison) : comparison,
  }))
  const metrics = found.flatMap(({ comparison }) => comparison?.metrics ?? [])
  const code = metrics.some(({ verdict }) => verdict === 'regressed') ? 1 : 0
  if (context.options.json) {
    context.printJson({
      schemaVersion: 1,
      windowMs: options.window,
      margins,
      platforms: found.map(({ comparison, ...each }) => ({
        ...each,
        comparison: comparison === undefined ? null : releaseJson(comparison),
      })),
    })
    return code
  }
  for (const { platform, role, comparison } of found) {
    if (found.length > 1) context.print(context.color.bold(`${platform} (${role})`))
    if (comparison === undefined) context.print(`${platform} knows no such release or prompt version.`)
    else
      context.print(
        formatRelease(comparison, {
          width: context.width,
          color: context.color,
          windowMs: options.window,
          margins,
          nowMs: context.io.nowMs(),
          pilotWindow: windowOf(loaded.config),
        }),
      )
  }
  context.remark(
    `Next: pilot traces ${word.includes('@') ? '--prompt' : '--release'} ${shellWord(word)} --status error`,
  )
  return code
}
