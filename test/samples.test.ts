import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Json } from '../src/core/span.js'
import { readStructure } from '../src/core/structure.js'
import type { Trace } from '../src/core/trace.js'
import { modelCalls } from '../src/core/usage.js'
import { formats } from '../src/formats/index.js'
import type { DataReport } from '../src/jobs/data.js'
import { eachTrace } from '../src/store/each-trace.js'
import type { Store } from '../src/store/open.js'
import { json, project, stored } from './project.js'
import { randomOf, seeded } from './seed.js'

const samples = fileURLToPath(new URL('../../shared/samples/', import.meta.url))
const isThere = existsSync(join(samples, 'expected.json'))

interface Figure {
  v?: unknown
  also?: unknown[]
  inputTokens?: number
  outputTokens?: number
}
const expected: Record<string, { figures: Record<string, Figure> }> = isThere
  ? JSON.parse(readFileSync(join(samples, 'expected.json'), 'utf8')).files
  : {}
const all = isThere
  ? readdirSync(samples, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(jsonl?|csv)$/.test(path) && path !== 'expected.json')
      .sort()
  : []

/** Files that hold no traces: how their refusal begins, after the path. */
const refused: Record<string, string> = {
  'openinference/danik-URS-020_traces.jsonl': ' holds no span: 1 records of no known trace format',
  'phoenix/openrouter-billing.csv': ' holds lines of a bill',
  'promptfoo/sample-export.json': ' holds eval results of promptfoo',
  'promptlayer/create-group.request.jsonl': " holds calls of PromptLayer's API without content, no traces",
  'promptlayer/create-group.response.jsonl': " holds acknowledgements of PromptLayer's API",
  'promptlayer/library-track-metadata.response.jsonl': " holds acknowledgements of PromptLayer's API",
  'promptlayer/library-track-score.response.jsonl': " holds acknowledgements of PromptLayer's API",
  'promptlayer/track-group.response.jsonl': " holds acknowledgements of PromptLayer's API",
  'promptlayer/track-request.response.jsonl': " holds acknowledgements of PromptLayer's API",
  'promptlayer/workflow-version-execution-results.response.jsonl': ' holds results of PromptLayer workflows, no traces',
}

/**
 * Figures of `expected.json` that the files themselves disprove: a person's correction (source ANNOTATION, dataType CORRECTION)
 * in trace.corrections, and US dollars in the attribute operation.cost of two model calls, 0.0028149 and 0.0026004.
 */
const disproved: Record<string, Record<string, Figure>> = {
  'langfuse/pydantic-ai-tools-2025-06-06.json': { feedback: { v: 1 }, scoresPlusFeedback: { v: 1 } },
  'logfire/pydantic-ai-live.json': { vendorCostUsd: { v: 0.0054153 } },
}

/** The format that each folder of samples is of; single files that are of another are named whole. */
const formatOf: Record<string, string> = {
  anthropic: 'anthropic',
  braintrust: 'braintrust',
  codex: 'codex',
  custom: 'events',
  genai: 'sdk-spans',
  jaeger: 'jaeger',
  langfuse: 'langfuse',
  langsmith: 'langsmith',
  litellm: 'litellm',
  logfire: 'sdk-spans',
  openai: 'openai',
  openinference: 'sdk-spans',
  'openinference/otlp-rag-agent.json': 'otlp',
  openllmetry: 'sdk-spans',
  otlp: 'otlp',
  phoenix: 'phoenix',
  promptlayer: 'promptlayer',
  'vercel-ai': 'sdk-spans',
}

interface Found {
  data: DataReport['total']
  traces: Trace[]
}

/** What each figure of `expected.json` is in our words. */
const figures: Record<string, (found: Found) => unknown> = {
  spans: ({ data }) => data.spans,
  traces: ({ data }) => data.traces,
  traceIds: ({ traces }) => traces.map(({ traceId }) => traceId).sort(),
  roots: ({ data }) => data.roots,
  orphans: ({ data }) => data.orphans,
  errorSpans: ({ data }) => data.errorSpans,
  ...Object.fromEntries(
    ['llm', 'retrieval', 'chain', 'tool', 'agent'].map((kind) => [
      `kinds.${kind}`,
      ({ data }: Found) => data.spansByKind[kind === 'retrieval' ? 'retriever' : (kind as 'llm')] ?? 0,
    ]),
  ),
  llmCalls: ({ traces }) => traces.reduce((sum, trace) => sum + modelCalls(trace, readStructure(trace)).length, 0),
  inputTokens: ({ data }) => data.tokens.input,
  outputTokens: ({ data }) => data.tokens.output,
  vendorCostUsd: ({ data }) => data.costUsd.stated && Number(data.costUsd.stated.toFixed(12)),
  requestModels: ({ data }) => data.models,
  responseModels: ({ traces }) =>
    distinct(traces.flatMap(({ spans }) => spans.map(({ responseModel }) => responseModel))),
  promptPairs: ({ data }) => data.promptVersions.map(({ name, version }) => [name, version]),
  startMs: ({ data }) => data.startMs,
  endMs: ({ data }) => data.endMs,
  scores: ({ data }) => data.scores,
  feedback: ({ data }) => data.feedback,
  scoresPlusFeedback: ({ data }) => data.scores + data.feedback,
  sessions: ({ traces }) => distinct(traces.flatMap(({ spans }) => spans.map(({ session }) => session))).length,
}

const distinct = (values: unknown[]) => [...new Set(values.filter((value) => value !== undefined))].sort()

function isRight(figure: string, found: unknown, { v, also = [] }: Figure): boolean {
  const isOne = (wanted: unknown) =>
    figure === 'startMs' || figure === 'endMs'
      ? Math.abs(Number(found) - Number(wanted)) <= 1
      : figure === 'requestModels'
        ? Array.isArray(wanted) && wanted.every((model) => (found as string[]).includes(model))
        : JSON.stringify(found) === JSON.stringify(wanted)
  return [v, ...also].some(isOne)
}

describe.skipIf(!isThere)('real exports (../shared/samples)', () => {
  test.each(Object.keys(expected))('%s has the figures that were counted from the raw file', async (path) => {
    const cwd = project({})
    const { files } = await json(cwd, 'ingest', join(samples, path))
    expect([files[0].state, files[0].problems, files[0].unexpected]).toEqual(['complete', [], []])
    const data = (await json(cwd, 'data')).total as DataReport['total']
    const traces = stored(cwd, (db) => [...eachTrace(db, 'lantern')])
    const { naive, ...wanted } = { ...expected[path]!.figures, ...disproved[path] }
    expect(Object.keys(wanted).filter((figure) => figures[figure] === undefined)).toEqual([])
    const wrong = Object.entries(wanted).flatMap(([figure, want]) => {
      const found = figures[figure]!({ data, traces })
      return isRight(figure, found, want) ? [] : [{ figure, found, want: want.v }]
    })
    expect(wrong).toEqual([])
    const isCumulative = path.startsWith('codex/') // its naive sum adds up totals that are cumulative, which we never store
    if (naive && !isCumulative)
      expect(data.tokensNaive).toEqual({ input: naive.inputTokens, output: naive.outputTokens })
  })

  test.each(all.filter((path) => expected[path] === undefined))(
    '%s is kept, or refused by what it is',
    async (path) => {
      const cwd = project({})
      const { files } = await json(cwd, 'ingest', join(samples, path))
      const error = files[0].error as { message: string; hint: string } | null
      const begins = refused[path]
      if (begins === undefined) expect([error, files[0].problems]).toEqual([null, []])
      else {
        expect(error?.message.slice(join(samples, path).length)).toMatch(begins)
        expect(error?.hint).toMatch(/\w/)
      }
    },
  )

  test.each(all.filter((path) => !path.endsWith('.csv')))(
    '%s is detected by the format of its folder alone',
    (path) => {
      const own = formatOf[path] ?? formatOf[path.split('/')[0]!]
      for (const record of recordsOf(join(samples, path))) {
        const names = formats.filter((format) => format.detects(record)).map(({ name }) => name)
        if (refused[path] === undefined) expect(names).toEqual([own])
        else expect(names.filter((name) => name !== own)).toEqual([])
      }
    },
  )

  test('all of them in any order, and twice, give the same store', async () => {
    const paths = all.filter((path) => refused[path] === undefined).map((path) => join(samples, path))
    const random = randomOf(seeded('orders of samples'))
    const orders = [paths, paths.toReversed(), shuffled(paths, random)]
    const stores = []
    for (const order of orders) {
      const cwd = project({})
      await json(cwd, 'ingest', ...order)
      const once = stored(cwd, contentsOf)
      const again = await json(cwd, 'ingest', ...order)
      expect([again.totals.spans.added, again.totals.spans.updated]).toEqual([0, 0])
      expect(stored(cwd, contentsOf)).toEqual(once)
      stores.push(once)
    }
    expect(stores[1]).toEqual(stores[0])
    expect(stores[2]).toEqual(stores[0])
  }, 120_000)
})

/** The records of a JSON file. */
function recordsOf(path: string): Json[] {
  const text = readFileSync(path, 'utf8')
  try {
    return [JSON.parse(text)].flat(1)
  } catch {
    return text // one value a line
      .split('\n')
      .filter((line) => line.trim() !== '')
      .flatMap((line) => JSON.parse(line))
  }
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

/** Everything that a store holds of spans, scores and feedback, in an order of its own. */
function contentsOf(db: Store): unknown {
  const rows = (sql: string) => db.prepare(sql).all() as Record<string, unknown>[]
  const spans = rows('SELECT span.*, body FROM span JOIN span_content USING (id) ORDER BY platform, trace_id, span_id')
  const judged = ['score', 'feedback'].flatMap((table) => rows(`SELECT * FROM ${table} ORDER BY key`))
  return [
    ...spans.map(({ id: _, body, ...rest }) => ({ ...rest, body: JSON.parse(String(body)) })),
    ...judged.map(({ origin: _, ...rest }) => rest),
  ]
}
