import type { Json } from '../../core/span.js'
import { completeUsage } from '../bodies/usage.js'
import type { PlatformRow } from '../platform-row.js'
import type { Stated } from '../stated.js'
import { takeCount } from './fields.js'

/**
 * Zero tokens are what is logged when nobody said: unknown. So is a price of zero without tokens, and always in a payload, whose
 * price PromptLayer has yet to work out.
 */
export function takeAmounts(
  row: PlatformRow,
  body: Json | undefined,
  problems: string[],
  isPayload: boolean,
): Pick<Stated, 'usage' | 'costUsd'> {
  const input = takeCount(row, problems, 'input_tokens')
  const output = takeCount(row, problems, 'output_tokens')
  const cachedInput = takeCount(row, problems, 'cached_tokens')
  const reasoning = takeCount(row, problems, 'thinking_tokens')
  const price = takeCount(row, problems, 'price')
  const hasTokens = (input ?? 0) + (output ?? 0) > 0
  const usage = completeUsage(hasTokens ? { input, output, cachedInput, reasoning } : {}, body)
  const isPriced = price !== undefined && (price > 0 || (hasTokens && !isPayload))
  return { ...(usage && { usage }), ...(isPriced && { costUsd: price }) }
}
