import type { Attributes, Json, SpanKind, SpanStatus } from '../core/span.js'
import { addSpan } from './add-span.js'
import { emptyReading, type Format, type KeyPaths, type RawSpan, type Reading } from './format.js'
import { readId, readParentId } from './ids.js'
import { isObject, type JsonObject } from './json.js'
import { kindOfWord, type MappedField, statedFields, statusOfWord } from './mapped/fields.js'
import { rowOf } from './platform-row.js'
import { valueAt } from './row.js'
import type { Stated } from './stated.js'
import { readMoment } from './time.js'

/** How a home-grown log is read, from pilot.yaml. */
export interface Mapping {
  /** Our field → the path of its value in a record. */
  columns: Partial<Record<MappedField, string>>
  /** Our field → a value that every record has. */
  values: Partial<Record<MappedField, string>>
  /** The key under which the records of one document stand in a list. */
  list?: string | undefined
}

/** The format of records that are read by a team's own mapping: field paths → our fields. */
export function mappedFormat(mapping: Mapping): Format {
  const paths = Object.entries(mapping.columns) as [MappedField, string][]
  const isRecord = (record: Json): boolean =>
    isObject(record) && (['trace_id', 'start'] as const).every((field) => present(record, mapping.columns[field]))
  const listOf = (record: Json): Json[] | undefined => {
    const list = mapping.list === undefined || !isObject(record) ? undefined : record[mapping.list]
    return Array.isArray(list) ? list : undefined
  }
  return {
    name: 'mapped',
    title: "a home-grown log, by inputs.traces.columns of pilot.yaml: your field paths → pilot's fields",
    status: 'stable',
    obtain:
      'Write your log as JSON lines or CSV and name its fields in pilot.yaml; pilot ingest --preview 5 shows the result.',
    lacks: [],
    containers: mapping.list === undefined ? [] : [`/${mapping.list}`],
    detects: (record) => isRecord(record) || (listOf(record)?.some(isRecord) ?? false),
    read: (record, keys) => {
      const reading = emptyReading()
      for (const item of listOf(record) ?? [record]) readRecord(item, { mapping, paths }, keys, reading)
      return reading
    },
  }
}

function present(record: JsonObject, path: string | undefined): boolean {
  const value = path === undefined ? undefined : valueAt(record, path)
  return value !== undefined && value !== null && value !== ''
}

function readRecord(
  item: Json,
  { mapping, paths }: { mapping: Mapping; paths: [MappedField, string][] },
  keys: KeyPaths,
  reading: Reading,
): void {
  const record = rowOf(item, reading)
  if (record === undefined) return
  const find = (field: MappedField): Json | undefined => {
    const path = mapping.columns[field]
    const value = path === undefined ? undefined : valueAt(record, path)
    return value === undefined || value === null || value === '' ? mapping.values[field] : value
  }
  const traceId = readId(textual(find('trace_id')), 16)
  const start = readMoment(find('start'))
  if (traceId === undefined || start.ms === undefined) {
    const field = traceId === undefined ? 'trace_id' : 'start'
    reading.problems.push(
      `${field} (${mapping.columns[field]}): expected ${traceId === undefined ? 'text' : 'a time'}; left out`,
    )
    return
  }
  const raw: RawSpan = {
    traceId,
    spanId: readId(textual(find('span_id')), 8) ?? traceId,
    parentId: readParentId(textual(find('parent_id'))),
    name: text(find('name')) ?? mapping.values.kind ?? 'call',
    startMs: start.ms,
    startNs: start.ns,
    ...endOf(find, start.ms),
    status: readStatus(find, reading.problems),
    statusMessage: text(failureOf(find)),
    attributes: without(
      record,
      paths.map(([, path]) => path),
    ),
    events: [],
    links: [],
    resource: Object.create(null),
    stated: statedOf(find, reading.problems),
  }
  addSpan(reading, raw, keys)
}

type Find = (field: MappedField) => Json | undefined

function endOf(find: Find, startMs: number): Pick<RawSpan, 'endMs' | 'endNs'> {
  const end = readMoment(find('end'))
  if (end.ms !== undefined) return { endMs: end.ms, endNs: end.ns }
  const inMs = duration(find('duration_ms'))
  const inSeconds = duration(find('duration_s'))
  if (inMs !== undefined) return { endMs: startMs + inMs }
  return inSeconds === undefined ? {} : { endMs: startMs + inSeconds * 1000 }
}

function duration(value: Json | undefined): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined
}

function readStatus(find: Find, problems: string[]): SpanStatus {
  const given = find('status')
  const status = given === undefined ? undefined : statusOfWord(given)
  if (given !== undefined && status === undefined)
    problems.push('status: expected a word for ok or error, or an HTTP status')
  return status ?? (failureOf(find) === undefined ? 'unset' : 'error')
}

/** What went wrong. Logs also write "nothing" here, and a table writes it as a word. */
function failureOf(find: Find): Json | undefined {
  const failed = find('error')
  return failed === undefined || /^(?:false|0|no|none|null|nan)$/i.test(String(failed)) ? undefined : failed
}

function statedOf(find: Find, problems: string[]): Stated {
  const stated: Stated = {}
  for (const [field, target] of Object.entries(statedFields)) stated[target] = find(field as MappedField)
  const kind = find('kind')
  stated.kind = readKind(kind)
  if (kind !== undefined && stated.kind === undefined)
    problems.push('kind: expected a kind of span; see pilot ingest --schema')
  stated.usage = {
    input: find('input_tokens'),
    output: find('output_tokens'),
    cachedInput: find('cache_read_tokens'),
    cacheWrite: find('cache_write_tokens'),
    reasoning: find('reasoning_tokens'),
  }
  return stated
}

const readKind = (value: Json | undefined): SpanKind | undefined =>
  typeof value === 'string' ? kindOfWord(value) : undefined

const text = (value: Json | undefined): string | undefined => {
  if (typeof value === 'number' || typeof value === 'string') return String(value)
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined
}

/** Ids may be numbers. */
const textual = (value: Json | undefined): Json | undefined => (typeof value === 'number' ? String(value) : value)

/** The record without what was taken at `paths`, so that a privacy rule on a field meets its only copy. */
function without(record: JsonObject, paths: readonly string[]): Attributes {
  const left: Attributes = Object.create(null)
  for (const key of Object.keys(record)) {
    if (paths.includes(key)) continue
    const inner = paths.filter((path) => path.startsWith(`${key}.`)).map((path) => path.slice(key.length + 1))
    const kept = inner.length > 0 ? withoutInner(record[key]!, inner) : record[key]!
    if (kept !== null && !(isObject(kept) && Object.keys(kept).length === 0)) left[key] = kept
  }
  return left
}

/** What was taken out of a list leaves a null, so that the others keep their places. */
function withoutInner(value: Json, paths: readonly string[]): Json {
  if (!Array.isArray(value)) return isObject(value) ? { ...without(value, paths) } : value
  return value.map((item, index) => {
    if (paths.includes(String(index))) return null
    const inner = paths.filter((path) => path.startsWith(`${index}.`)).map((path) => path.slice(`${index}.`.length))
    return inner.length > 0 ? withoutInner(item, inner) : item
  })
}
