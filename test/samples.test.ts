import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Json, Span } from '../src/core/span.js'
import { otlp } from '../src/formats/otlp.js'

const samples = new URL('../../shared/samples/', import.meta.url)
const expectedFile = new URL('expected.json', samples)

interface Figure {
  v?: unknown
  also?: unknown[]
  inputTokens?: number
  outputTokens?: number
}
interface Sample {
  format: string
  figures: Record<string, Figure>
}

const files: [string, Sample][] = existsSync(expectedFile)
  ? Object.entries(JSON.parse(readFileSync(expectedFile, 'utf8')).files as Record<string, Sample>).filter(
      ([, { format }]) => format.startsWith('otlp-json'),
    )
  : []

function records(name: string): Json[] {
  const text = readFileSync(new URL(name, samples), 'utf8')
  return name.endsWith('.jsonl')
    ? text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [JSON.parse(text)].flat()
}

/** What each figure of `expected.json` is, over the spans of one file; figures that need a whole trace are the core's. */
const figures: Record<string, (spans: Span[]) => unknown> = {
  spans: (spans) => new Set(spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`)).size,
  traces: (spans) => new Set(spans.map(({ traceId }) => traceId)).size,
  traceIds: (spans) => [...new Set(spans.map(({ traceId }) => traceId))].sort(),
  roots: (spans) => spans.filter(({ parentId }) => parentId === undefined).length,
  orphans: (spans) => {
    const known = new Set(spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`))
    return spans.filter(({ traceId, parentId }) => parentId !== undefined && !known.has(`${traceId} ${parentId}`))
      .length
  },
  errorSpans: (spans) => spans.filter(({ status }) => status === 'error').length,
  'kinds.llm': (spans) => spans.filter(({ kind }) => kind === 'llm').length,
  'kinds.retrieval': (spans) => spans.filter(({ kind }) => kind === 'retriever').length,
  'kinds.chain': (spans) => spans.filter(({ kind }) => kind === 'chain').length,
  requestModels: (spans) => distinct(spans.map(({ requestModel }) => requestModel)),
  promptPairs: (spans) =>
    distinct(spans.map(({ promptName, promptVersion }) => promptName && [promptName, promptVersion])),
  vendorCostUsd: (spans) => spans.find(({ costUsd }) => costUsd !== undefined)?.costUsd ?? null,
  startMs: (spans) => Math.min(...spans.map(({ startMs }) => startMs!)),
  endMs: (spans) => Math.max(...spans.map(({ endMs }) => endMs!)),
}

const distinct = (values: unknown[]) => [...new Set(values.filter((value) => value !== undefined))].sort()

describe.skipIf(files.length === 0)('real OTLP exports (../shared/samples)', () => {
  test.each(files)('%s has the figures that were counted from the raw file', (name, sample) => {
    const readings = records(name).map((record) => otlp.read(record, {}))
    const spans = readings.flatMap((reading) => reading.spans)
    expect(readings.flatMap((reading) => reading.problems)).toEqual([])
    for (const [figure, { v }] of Object.entries(sample.figures)) {
      const measure = figures[figure]
      if (measure !== undefined) expect([figure, measure(spans)]).toEqual([figure, v])
    }
    const naive = sample.figures.naive
    const sum = (part: 'input' | 'output') => spans.reduce((total, { usage }) => total + (usage?.[part] ?? 0), 0)
    expect([sum('input'), sum('output')]).toEqual([naive?.inputTokens ?? 0, naive?.outputTokens ?? 0])
  })

  test('metric and log lines between the traces are skipped and counted', () => {
    const skipped = records('otlp/collector-three-signals.jsonl').map((record) => otlp.read(record, {}).skipped)
    expect([
      skipped.filter(({ metrics }) => metrics === 1).length,
      skipped.filter(({ logs }) => logs === 1).length,
    ]).toEqual([40, 16])
  })
})
