import { addSpan } from '../add-span.js'
import type { KeyPaths, Reading } from '../format.js'
import { readId } from '../ids.js'
import type { JsonObject } from '../json.js'
import { openRow } from '../platform-row.js'
import { readOpikGuardrails, readOpikJudgements } from './judgements.js'
import { commonOf, plainKeys, restOf, textOf } from './span.js'

const known = new Set([
  ...plainKeys,
  'span_count',
  'llm_span_count',
  'has_tool_spans',
  'providers',
  'visibility_mode',
  'experiment',
  'span_feedback_scores',
])

/**
 * A trace, as the root span that its top spans name as their parent; its usage and cost are sums of them. Its id; undefined,
 * with a problem, when it has none.
 */
export function readOpikTrace(given: JsonObject, keys: KeyPaths, reading: Reading): string | undefined {
  const row = openRow(given, 'opik', known, reading)
  const traceId = readId(row.take('id'), 16)
  if (traceId === undefined) {
    reading.problems.push('trace.id: expected text; trace left out')
    return undefined
  }
  const name = textOf(row.take('name')) ?? ''
  const metadata = row.take('metadata')
  const stated = { ...commonOf(row, given, metadata), kind: 'workflow' as const, session: row.take('thread_id') }
  const target = { traceId, spanId: traceId }
  readOpikJudgements(row, target, reading)
  readOpikGuardrails(row.take('guardrails_validations'), traceId, reading)
  addSpan(reading, { ...target, name, ...restOf(row, stated, metadata) }, keys)
  return traceId
}
