import { z } from 'zod'
import { unscored, verdictOf } from '../core/eval/result.js'
import type { RetrievedDocument } from '../core/span.js'
import { defineCheck } from './check.js'
import { citationReader, citationSettings } from './citations.js'
import { counted } from './counted.js'
import { idsOf } from './retrieved.js'
import { listed, quoted } from './text.js'

export const citationsResolve = defineCheck({
  name: 'citations-resolve',
  summary: 'every citation names a retrieved document, by its id or its place from 1 on; score: the share that does',
  settings: z.strictObject(citationSettings),
  prepare(by) {
    const read = citationReader('citations-resolve', by)
    return ({ output: { value, documents } }) => {
      if (value === undefined || value === null) return unscored('there is no output')
      if (documents === undefined) return unscored('the retrieved documents are unknown')
      const ids = idsOf(documents)
      const cited = read(value, ids)
      if (cited.length === 0) return unscored('nothing is cited')
      const lost = cited.filter((id) => !ids.has(id) && !isPlace(id, documents))
      const share = (cited.length - lost.length) / cited.length
      const reason = `${cited.length - lost.length} of ${counted(cited.length, 'citation')} retrieved`
      return lost.length === 0
        ? verdictOf(true, reason, share)
        : verdictOf(false, `${reason}; not retrieved: ${listed(lost.map(quoted))}`, share)
    }
  },
})

function isPlace(id: string, documents: readonly RetrievedDocument[]): boolean {
  return /^[1-9]\d*$/.test(id) && Number(id) <= documents.length
}
