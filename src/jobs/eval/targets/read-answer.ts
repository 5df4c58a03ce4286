import type { Output } from '../../../core/eval/case.js'
import type { Json } from '../../../core/span.js'
import { readCase } from '../../../formats/cases.js'
import { isRow, type Row, valueAt } from '../../../formats/row.js'
import type { Produced } from './target.js'

/**
 * What an application printed or answered: JSON with `output` beside documents, tools, tokens and cost, under the names that a
 * dataset uses; else all of it is the output. `path` says where the output is.
 */
export function readAnswer(text: string, path: string | undefined, latencyMs: number): Produced {
  const value = jsonIn(text)
  if (!isRow(value)) {
    if (path !== undefined) return { failure: `the answer is no JSON object, so it has no ${path}` }
    return value === '' ? { failure: 'it gave no output' } : { output: { value, latencyMs } }
  }
  const told = path === undefined ? statedOutput(value) : { ...statedOutput(value), value: valueAt(value, path) }
  if (told.value === undefined)
    return { failure: path === undefined ? 'it gave no output' : `the answer has no ${path}` }
  return { output: { latencyMs, ...told, value: told.value } }
}

function statedOutput(row: Row): Output {
  if (!Object.hasOwn(row, 'output')) return { value: { ...row } }
  const read = readCase({ id: 'answer', ...row }, {}, () => 'answer')
  return typeof read === 'string'
    ? { value: row.output! }
    : { ...read.output, value: read.output?.value ?? row.output! } // hasOwn has just told
}

function jsonIn(text: string): Json {
  const trimmed = text.trim()
  if (!/^[[{"]/.test(trimmed)) return trimmed
  try {
    return JSON.parse(trimmed) as Json
  } catch (error) {
    if (error instanceof SyntaxError) return trimmed // text that only looks like JSON
    throw error
  }
}
