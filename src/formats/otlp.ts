import type { Json } from '../core/span.js'
import { resolveSpan } from './dialects/resolve.js'
import { emptyReading, type Format, type KeyPaths, type Reading } from './format.js'
import { isObject, type JsonObject } from './json.js'
import { readLogs } from './otlp/logs.js'
import { readResource, readSpan, type Source } from './otlp/span.js'

/** Arrays of ResourceSpans, as each producer names them. */
const groupKeys = ['resourceSpans', 'resource_spans', 'batches'] as const
/** Arrays of ScopeSpans inside one ResourceSpans; the older names are Tempo's. */
const scopeKeys = ['scopeSpans', 'scope_spans', 'instrumentationLibrarySpans', 'instrumentation_library_spans'] as const
const logKeys = ['resourceLogs', 'resource_logs', 'scopeLogs', 'scope_logs'] as const
const metricKeys = ['resourceMetrics', 'resource_metrics', 'scopeMetrics', 'scope_metrics'] as const
/** Objects that wrap a whole answer: Jaeger's api_v3, Tempo's v2. */
const wrapperKeys = ['result', 'trace'] as const

/** OpenTelemetry traces as OTLP JSON, in every shape that exporters and trace stores write. */
export const otlp: Format = {
  name: 'otlp',
  title: 'OpenTelemetry OTLP JSON: Collector file exporter, SDK exporters, Tempo and Jaeger v3 answers',
  status: 'stable',
  obtain:
    'Add the `file` exporter to the OpenTelemetry Collector (format json), or save an answer of the Tempo or Jaeger v3 API.',
  lacks: ['tenant'], // no convention has a key for it: `capture.keys.tenant` names the application's own
  containers: [...wrapperKeys, ...groupKeys, ...scopeKeys, 'spans', ...logKeys, 'logRecords', 'log_records'],
  detects: (record) => isObject(record) && (isTraces(record) || hasSignal(record) || Object.keys(record).length === 0),
  read,
}

function isTraces(record: JsonObject): boolean {
  return groupsOf(record) !== undefined
}

function hasSignal(record: JsonObject): boolean {
  return has(record, logKeys) || has(record, metricKeys)
}

function has(record: JsonObject, keys: readonly string[]): boolean {
  return keys.some((key) => Array.isArray(record[key]))
}

/** The ResourceSpans of a record, and the path to them. */
function groupsOf(record: JsonObject): { path: string; groups: Json[] } | undefined {
  for (const key of groupKeys) if (Array.isArray(record[key])) return { path: key, groups: record[key] }
  if (has(record, scopeKeys)) return { path: '', groups: [record] }
  for (const key of wrapperKeys) {
    const inner = record[key]
    const found = isObject(inner) && has(inner, groupKeys) ? groupsOf(inner) : undefined
    if (found !== undefined) return { path: `${key}.${found.path}`, groups: found.groups }
  }
  return undefined
}

function read(record: Json, keys: KeyPaths): Reading {
  const reading = emptyReading()
  if (!isObject(record)) return { ...reading, problems: ['expected an object with resourceSpans'] }
  const found = groupsOf(record)
  if (found !== undefined) {
    for (const [index, group] of found.groups.entries())
      readGroup(group, found.path === '' ? '' : `${found.path}.${index}`, keys, reading)
    if (reading.spans.length === 0 && reading.problems.length === 0) reading.skipped['requests without spans'] = 1
  } else if (has(record, logKeys)) readLogs(record, keys, reading)
  else reading.skipped[has(record, metricKeys) ? 'metrics' : 'empty objects'] = 1
  return reading
}

function readGroup(group: Json, path: string, keys: KeyPaths, reading: Reading): void {
  const at = path === '' ? '' : `${path}.`
  if (!isObject(group)) {
    reading.problems.push(`${path}: expected an object with scopeSpans`)
    return
  }
  const resource = readResource(group.resource)
  for (const key of scopeKeys) {
    const scopes = group[key]
    if (scopes === undefined || scopes === null) continue
    if (!Array.isArray(scopes)) {
      reading.problems.push(`${at}${key}: expected a list`)
      continue
    }
    for (const [index, scope] of scopes.entries())
      readScope(scope, { path: `${at}${key}.${index}`, resource }, keys, reading)
  }
}

function readScope(scope: Json, source: Source, keys: KeyPaths, reading: Reading): void {
  const spans = isObject(scope) ? (scope.spans ?? []) : undefined
  if (!isObject(scope) || !Array.isArray(spans)) {
    reading.problems.push(`${source.path}: expected an object with a list of spans`)
    return
  }
  const named = scope.scope ?? scope.instrumentationLibrary ?? scope.instrumentation_library
  const scopeName = isObject(named) && typeof named.name === 'string' && named.name !== '' ? named.name : undefined
  const notes: string[] = []
  for (let index = 0; index < spans.length; index++) {
    const raw = readSpan(spans[index]!, source, scopeName, notes)
    if (raw !== undefined) {
      const resolved = resolveSpan(raw, keys)
      reading.spans.push(resolved.span)
      reading.scores.push(...resolved.scores)
      reading.feedback.push(...resolved.feedback)
      notes.push(...resolved.problems)
    }
    for (const note of notes) reading.problems.push(`${source.path}.spans.${index}: ${note}`)
    notes.length = 0
  }
}
