import { resolve } from 'node:path'
import type { Scorecard } from '../core/scorecard.js'
import type { Context } from './context.js'

export interface CardOptions {
  output?: string
}

/** The scorecard of now, as far as an audience may see it. */
export async function readCard(context: Context): Promise<Scorecard> {
  const { readScorecard } = await import('../jobs/scorecard.js')
  const { forAudience } = await import('../core/audience/scorecard.js')
  return forAudience(readScorecard(await context.loadConfig(), context.io.nowMs()), context.audience)
}

/** Prints a text, or writes it to a file that its owner alone may read. */
export async function writeOut(context: Context, text: string, output: string | undefined): Promise<void> {
  if (output === undefined) return context.print(text)
  const { writeAtomically } = await import('../config/atomic-write.js')
  writeAtomically(resolve(context.io.cwd, output), text, 0o600)
  context.remark(`Wrote ${output}.`)
}
