import { z } from 'zod'
import { textOf } from '../core/eval/case.js'
import { type CheckResult, unscored } from '../core/eval/result.js'
import type { Grade } from './check.js'

/** The setting that makes a check blind for upper and lower case. */
export const ignoreCase = z.boolean().default(false).describe('Whether upper and lower case are the same.')

/** A text without space at its ends, and with one blank for any run of it. */
export function spaced(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ')
}

/** A text as it is compared: in lower case where case does not matter. */
export function folded(text: string, isBlind: boolean): string {
  return isBlind ? text.toLowerCase() : text
}

/** A text for a reason: in quotes, cut to its beginning. */
export function quoted(text: string): string {
  return JSON.stringify(clipped(text))
}

/** A text for a reason: in quotes, cut to its end. */
export function quotedEnd(text: string): string {
  const short = text.length > 60 ? `…${text.slice(-59)}` : text
  return JSON.stringify(short.toWellFormed())
}

/** A text cut to its beginning: 60 characters at most. */
export function clipped(text: string): string {
  return (text.length > 60 ? `${text.slice(0, 59)}…` : text).toWellFormed()
}

/** The first three of some words for a reason, and how many more there are. */
export function listed(words: readonly string[], between = ', '): string {
  const first = words.slice(0, 3).join(between)
  return words.length > 3 ? `${first}${between}and ${words.length - 3} more` : first
}

/** Compares the text of each output with a fixed value, or where there is none, with the text of the case's reference. */
export function againstText(value: string | undefined, compare: (got: string, wanted: string) => CheckResult): Grade {
  return ({ case: { reference }, output }) => {
    const wanted = value ?? textOf(reference)
    const got = textOf(output.value)
    if (wanted === undefined) return unscored('the case has no reference')
    if (got === undefined) return unscored('there is no output')
    return compare(got, wanted)
  }
}
