import { resolve } from 'node:path'
import { PilotError } from '../core/errors.js'
import type { StoredComparison } from '../jobs/eval/compare-stored.js'
import type { ShownRun } from '../jobs/eval/show-runs.js'
import { writeOut } from './card.js'
import type { Context } from './context.js'

/** Where else results go. */
export interface OutputOptions {
  junit?: string
  markdown?: string
  github?: boolean
}

/** Whether standard output is for a person. Throws `PilotError` where two documents would share it. */
export function printsText({ options: { json } }: Context, { markdown }: OutputOptions): boolean {
  if (json && markdown === '-')
    throw new PilotError('--json and --markdown - would share standard output.', {
      hint: 'Name a file: --markdown eval.md',
    })
  return !json && markdown !== '-'
}

/** Throws `PilotError` for product: JUnit lists each case, with its reason. */
export function refuseJunit({ audience }: Context, { junit }: OutputOptions): void {
  if (audience === 'product' && junit !== undefined)
    throw new PilotError('--junit lists cases by name, which is not for product.', {
      hint: 'pilot eval show --audience product --markdown FILE',
    })
}

/** Writes runs for whoever else reads them: JUnit, Markdown, GitHub. */
export async function writeRunOutputs(
  context: Context,
  shown: readonly ShownRun[],
  options: OutputOptions,
): Promise<void> {
  if (options.junit !== undefined) {
    const { listResults } = await import('../jobs/eval/list-results.js')
    const { formatRunJunit } = await import('../reports/junit.js')
    const loaded = await context.loadConfig()
    const runs = shown.map(({ summary, gates }) => ({ summary, gates, ...listResults(loaded, summary.run.id) }))
    await writeOut(context, formatRunJunit(runs), options.junit)
  }
  if (options.markdown === undefined && !options.github) return
  const { formatRunsMarkdown } = await import('../reports/eval-markdown.js')
  const { formatRunAnnotations } = await import('../reports/github.js')
  await writeComment(context, options, {
    markdown: () => formatRunsMarkdown(shown),
    annotations: () => formatRunAnnotations(shown),
  })
}

/** Writes a comparison likewise. */
export async function writeComparisonOutputs(
  context: Context,
  compared: StoredComparison,
  options: OutputOptions,
): Promise<void> {
  if (options.junit !== undefined) {
    const { formatComparisonJunit } = await import('../reports/junit.js')
    await writeOut(context, formatComparisonJunit(compared), options.junit)
  }
  if (options.markdown === undefined && !options.github) return
  const { formatComparisonMarkdown } = await import('../reports/eval-markdown.js')
  const { formatComparisonAnnotations } = await import('../reports/github.js')
  await writeComment(context, options, {
    markdown: () => formatComparisonMarkdown(compared),
    annotations: () => formatComparisonAnnotations(compared),
  })
}

async function writeComment(
  context: Context,
  options: OutputOptions,
  { markdown, annotations }: { markdown(): string; annotations(): string[] },
): Promise<void> {
  const { markdown: file, github } = options
  if (file !== undefined) await writeOut(context, markdown(), file === '-' ? undefined : file)
  if (!github) return
  // The runner reads them on either stream; a document on standard output stays whole.
  const print = printsText(context, options) ? context.print : context.warn
  for (const line of annotations()) print(line)
  const summary = context.io.env.GITHUB_STEP_SUMMARY
  if (!summary) return
  const { appendLine } = await import('../io/append-line.js')
  appendLine(resolve(context.io.cwd, summary), markdown().trimEnd())
}
