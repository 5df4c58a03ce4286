import type { Attributes, Json } from '../core/span.js'
import { addSpan } from './add-span.js'
import { emptyReading, type Format, type KeyPaths, type Reading } from './format.js'
import { isModelSpan, processOf, uiSpanOf } from './jaeger/model.js'
import { readJaegerId, readJaegerSpan, readProcess } from './jaeger/span.js'
import { isObject, type JsonObject } from './json.js'

/** Traces as Jaeger's UI downloads them and its HTTP API answers them; and as its gRPC API and Kafka topics write them in JSON. */
export const jaeger: Format = {
  name: 'jaeger',
  title:
    'Jaeger JSON: downloads of the UI, answers of /api/traces, single traces and spans, Elasticsearch and Kafka dumps',
  status: 'stable',
  obtain:
    'Open the trace in the Jaeger UI and choose Trace JSON, or save `curl "http://localhost:16686/api/traces?service=NAME&limit=1000"`.',
  lacks: ['tenant'], // no convention has a key for it: `capture.keys.tenant` names the application's own
  containers: ['/data', 'spans', '/hits'],
  detects: (record) => isObject(record) && (isOwn(record) || (isObject(record._source) && isSpan(record._source))),
  read,
}

function isOwn(record: JsonObject): boolean {
  if (isTrace(record) || isSpan(record) || isPage(record) || isModelSpan(record) || isModel(record)) return true
  const [first] = hitsOf(record)
  return isObject(first) && isObject(first._source) && isSpan(first._source)
}

/** What a search of Elasticsearch found. */
function hitsOf({ hits }: JsonObject): Json[] {
  return isObject(hits) && Array.isArray(hits.hits) ? hits.hits : []
}

function isTrace(record: JsonObject): boolean {
  return typeof record.traceID === 'string' && Array.isArray(record.spans)
}

function isSpan(record: JsonObject): boolean {
  return typeof record.traceID === 'string' && typeof record.spanID === 'string'
}

function isModel({ spans }: JsonObject): boolean {
  return Array.isArray(spans) && isObject(spans[0]) && isModelSpan(spans[0])
}

function isPage({ data, errors, offset }: JsonObject): boolean {
  if (!Array.isArray(data)) return false
  const first = data[0]
  return data.length === 0 ? errors !== undefined && offset !== undefined : isObject(first) && isTrace(first)
}

function read(record: Json, keys: KeyPaths): Reading {
  const reading = emptyReading()
  if (!isObject(record)) return { ...reading, problems: ['expected an object with traceID'] }
  if (Array.isArray(record.data)) {
    for (const [index, trace] of record.data.entries()) readTrace(trace, `data.${index}.`, keys, reading)
    if (record.data.length === 0) reading.skipped['pages without traces'] = 1
  } else if (isTrace(record) || isModel(record)) readTrace(record, '', keys, reading)
  else if (isSpan(record) || isModelSpan(record) || record.hits === undefined) readHit(record, '', keys, reading)
  else for (const [index, hit] of hitsOf(record).entries()) readHit(hit, `hits.${index}.`, keys, reading)
  return reading
}

/** A span by itself, or wrapped as Elasticsearch keeps it. */
function readHit(hit: Json, at: string, keys: KeyPaths, reading: Reading): void {
  const span = isObject(hit) && isObject(hit._source) ? hit._source : hit
  readOne(span, { traceId: undefined, processes: new Map(), at }, keys, reading)
}

function readTrace(trace: Json, at: string, keys: KeyPaths, reading: Reading): void {
  if (!isObject(trace) || !Array.isArray(trace.spans)) {
    reading.problems.push(`${at}spans: expected a trace with a list of spans; left out`)
    return
  }
  const source = {
    traceId: readJaegerId(trace.traceID, 16),
    processes: processesOf(trace, at, reading),
    process: trace.process,
  }
  for (let index = 0; index < trace.spans.length; index++)
    readOne(trace.spans[index]!, { ...source, at: `${at}spans.${index}.` }, keys, reading)
  if (trace.spans.length === 0)
    reading.skipped['traces without spans'] = (reading.skipped['traces without spans'] ?? 0) + 1
}

interface Source {
  traceId: string | undefined
  /** By process id, each as a resource. */
  processes: Map<string, Attributes>
  /** Of all spans of a batch that name none. */
  process?: Json | undefined
  at: string
}

function readOne(
  span: Json,
  { traceId, processes, process: shared, at }: Source,
  keys: KeyPaths,
  reading: Reading,
): void {
  const notes: string[] = []
  const plain = isObject(span) && isModelSpan(span) ? uiSpanOf(span, shared) : span
  const raw = readJaegerSpan(plain, traceId, processes, notes)
  for (const note of notes) reading.problems.push(`${at}${note}`)
  if (raw !== undefined) addSpan(reading, raw, keys, at)
}

/** By their ids; Jaeger's own model lists them as pairs. */
function processesOf({ processes, processMap }: JsonObject, at: string, reading: Reading): Map<string, Attributes> {
  if (processes !== undefined || !Array.isArray(processMap)) return readProcesses(processes, at, reading)
  const found = new Map<string, Attributes>()
  for (const entry of processMap)
    if (isObject(entry) && typeof entry.processId === 'string')
      found.set(entry.processId, readProcess(processOf(entry.process)))
  return found
}

/** Empty where a trace larger than one record was split: its processes then come after its spans. */
function readProcesses(processes: Json | undefined, at: string, reading: Reading): Map<string, Attributes> {
  const found = new Map<string, Attributes>()
  if (processes === undefined || processes === null) return found
  if (!isObject(processes)) reading.problems.push(`${at}processes: expected an object`)
  else for (const id of Object.keys(processes)) found.set(id, readProcess(processes[id]!))
  return found
}
