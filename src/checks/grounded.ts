import { z } from 'zod'
import { textOf } from '../core/eval/case.js'
import { unscored, verdictOf } from '../core/eval/result.js'
import { defineCheck } from './check.js'
import { withoutCitations } from './citations.js'
import { counted } from './counted.js'
import { idsOf, retrievedTexts } from './retrieved.js'
import { contentWords, numbersIn, type Statement, statementsOf } from './statements.js'
import { quoted } from './text.js'

const share = z.number().min(0).max(1)

export const grounded = defineCheck({
  name: 'grounded',
  summary:
    'the sentences of the output stand in the retrieved documents: a heuristic that compares words and numbers, not meaning; score: share of sentences',
  settings: z.strictObject({
    min: share.default(0.8).describe('The share of sentences that has to be supported, 0 to 1.'),
    overlap: share
      .default(0.6)
      .describe(
        'The share of the words of a sentence that has to stand in the documents, 0 to 1; its numbers all have to.',
      ),
  }),
  prepare({ min, overlap }) {
    return ({ output: { value, documents } }) => {
      const text = textOf(value)
      if (text === undefined) return unscored('there is no output')
      const texts = retrievedTexts(documents)
      if (!Array.isArray(texts)) return texts
      const statements = statementsOf(withoutCitations(text, idsOf(documents)))
      if (statements.length === 0) return unscored('the output states nothing')

      const source = texts.join('\n')
      const known = { words: contentWords(source), numbers: numbersIn(source) }
      const unsupported = statements.filter((statement) => !isSupported(statement, known, overlap))
      const supported = statements.length - unsupported.length
      const reason = `${supported} of ${counted(statements.length, 'sentence')} supported, expected a share of ${min}`
      const [first] = unsupported
      return verdictOf(
        supported / statements.length >= min,
        first === undefined ? reason : `${reason}; first without support: ${quoted(first.text)}`,
        supported / statements.length,
      )
    }
  },
})

type Known = Pick<Statement, 'words' | 'numbers'>

function isSupported({ words, numbers }: Statement, known: Known, overlap: number): boolean {
  const found = [...words].filter((word) => known.words.has(word)).length
  const hasNumbers = [...numbers].every((number) => known.numbers.has(number))
  return hasNumbers && (words.size === 0 || found / words.size >= overlap)
}
