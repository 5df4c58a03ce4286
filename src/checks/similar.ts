import { z } from 'zod'
import { failedCheck, verdictOf } from '../core/eval/result.js'
import { defineCheck } from './check.js'
import { againstText, folded, ignoreCase, quoted, spaced } from './text.js'

/** Characters: both measures take time that grows with the square. */
const longest = 20_000

export const similar = defineCheck({
  name: 'similar',
  summary: 'the output is much like the reference, by characters or by words; score: the similarity from 0 to 1',
  settings: z.strictObject({
    by: z
      .enum(['levenshtein', 'rouge-l'])
      .default('levenshtein')
      .describe(
        '`levenshtein`: share of characters that need no edit. `rouge-l`: F1 of the longest common run of words, gaps allowed.',
      ),
    min: z.number().min(0).max(1).default(0.8).describe('Least similarity that passes, from 0 to 1.'),
    ignore_case: ignoreCase,
  }),
  async prepare({ by, min, ignore_case }) {
    const similarity = by === 'levenshtein' ? await byCharacters() : await byWords()
    const form = (text: string) => folded(spaced(text), ignore_case)
    return againstText(undefined, (got, wanted) => {
      const [one, other] = [form(got), form(wanted)]
      const length = Math.max(one.length, other.length)
      if (length > longest)
        return failedCheck(`a text of ${length} characters is too long to compare: ${longest} at most`)
      const score = one === other ? 1 : similarity(one, other)
      return verdictOf(score >= min, `${quoted(got)}, expected something like ${quoted(wanted)}`, score)
    })
  },
})

type Similarity = (one: string, other: string) => number

/** 1 − edits / length of the longer text; for texts of which one at least is not empty. */
async function byCharacters(): Promise<Similarity> {
  const { distance } = await import('fastest-levenshtein')
  return (one, other) => 1 - distance(one, other) / Math.max(one.length, other.length)
}

/** ROUGE-L of Lin (2004) over the whole text as one sequence, beta 1; 0 where a text has no words. */
async function byWords(): Promise<Similarity> {
  const { l } = await import('js-rouge')
  // Its own words and sentences are made for English: contractions, abbreviations, quotes.
  const whole = { segmenter: (text: string) => [text], tokenizer: wordsOf }
  return (one, other) => (wordsOf(one).length === 0 || wordsOf(other).length === 0 ? 0 : l(one, other, whole))
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
}
