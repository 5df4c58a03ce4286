import { isAlias } from '../core/alias.js'
import { PilotError } from '../core/errors.js'
import { shellWord } from '../core/shell-word.js'
import type { Promotion } from '../jobs/promote.js'
import type { Context } from './context.js'

interface PromoteOptions {
  to: string
  by?: string
  force?: string
  dryRun?: boolean
}

/** `pilot prompts promote`. */
export async function runPromote(context: Context, word: string, options: PromoteOptions): Promise<number> {
  const { name, version } = promptVersionOf(word)
  requireOptions(options)
  const { promote } = await import('../jobs/promote.js')
  const promotion = await promote(
    await context.loadConfig(),
    { name, version, to: options.to },
    {
      by: options.by,
      forceReason: options.force,
      isDryRun: options.dryRun === true,
      nowMs: context.io.nowMs(),
    },
  )
  const { formatPromotion, promotionJson } = await import('../reports/promotion.js')
  if (context.options.json) context.printJson(promotionJson(promotion))
  else context.print(formatPromotion(promotion, context))
  if (promotion.status === 'granted' && options.force !== undefined)
    context.remark('Nothing is missing; --force was not needed, and its reason is not recorded.')
  if (promotion.status === 'refused')
    context.remark('Nothing was written. Get what is missing, or say why not: --force "reason"')
  const next = nextEnvironment(promotion)
  if (next !== undefined) context.remark(`Next: pilot prompts promote ${shellWord(word)} --to ${shellWord(next)}`)
  return promotion.status === 'refused' ? 1 : 0
}

/** Where a version goes that is live now where it was promoted to. */
function nextEnvironment({ request: { environments, to }, status, isDryRun }: Promotion): string | undefined {
  return status === 'refused' || isDryRun ? undefined : environments[environments.indexOf(to) + 1]
}

/** The last @ ends the name: names such as `@team/answer` have one of their own. */
function promptVersionOf(word: string): { name: string; version: string } {
  const at = word.lastIndexOf('@')
  if (at > 0 && at < word.length - 1) return { name: word.slice(0, at), version: word.slice(at + 1) }
  throw new PilotError(`${JSON.stringify(word)} is no version of a prompt.`, {
    hint: 'Write it NAME@VERSION, such as support-answer@8.',
  })
}

/** Throws `PilotError` where somebody is named who goes by no alias. */
export function requireAliasOfBy(by: string | undefined): void {
  if (by !== undefined && !isAlias(by))
    throw new PilotError(`--by: ${JSON.stringify(by)} is no alias.`, {
      hint: 'One word such as lead; never a name or an address.',
    })
}

function requireOptions({ by, force }: PromoteOptions): void {
  requireAliasOfBy(by)
  if (force !== undefined && force.trim() === '')
    throw new PilotError('--force needs a reason.', { hint: '--force "why it goes live in spite of what is missing"' })
}
