import type { RepeatCount } from '../core/evidence.js'
import { formatCount } from './number.js'

/** Where retries or fallbacks are known from: `inferred`, `stated`, or both with their spans. */
export function basisText({ stated, inferred }: Pick<RepeatCount, 'stated' | 'inferred'>): string {
  if (stated.spans === 0) return 'inferred'
  if (inferred.spans === 0) return 'stated'
  return `stated ${formatCount(stated.spans)}, inferred ${formatCount(inferred.spans)}`
}
