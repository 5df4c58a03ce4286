import type { Config } from '../../config/schema.js'
import { type Case, type Output, originTrace, traceOrigin } from '../../core/eval/case.js'
import { readTraceOutput } from '../../core/eval/trace-output.js'
import { startOf } from '../../core/select.js'
import type { Json } from '../../core/span.js'
import type { Store } from '../../store/open.js'
import { hashOf } from './hash.js'
import { eachRecordedRun, otherOrigins, type RecordedFilter } from './recorded-runs.js'

/** The recorded runs of the workflow as cases: each has its own output, and is called by its request, else by its trace. */
export function recordedCases(db: Store, config: Config, filter: RecordedFilter): Case[] {
  const cases = new Map<string, Case>()
  for (const { platform, run, requests, contents } of eachRecordedRun(db, config, filter)) {
    const { traceId } = run.trace
    const { inputs, output } = readTraceOutput(run, contents())
    const id = [requests[0] ?? traceId, traceId, `${platform}/${traceId}`].find((each) => !cases.has(each)) ?? traceId
    cases.set(id, {
      id,
      ...(inputs !== undefined && { inputs }),
      tags: [],
      ...(run.root.session !== undefined && { cluster: run.root.session }),
      origin: traceOrigin(platform, traceId),
      labels: {},
      output: { ...output, trace: { platform, traceId } },
    })
  }
  return [...cases.values()]
}

/** Recorded outputs of cases, by case id. */
export function findRecorded(db: Store, config: Config, filter: RecordedFilter) {
  return (cases: readonly Case[]): Map<string, Output> => {
    const byTrace = new Map<string, string[]>()
    const byInput = new Map<string, string[]>()
    const ids = new Set(cases.map(({ id }) => id))
    for (const each of cases) {
      const trace = originTrace(each)
      if (trace !== undefined) add(byTrace, `${trace.platform} ${trace.traceId}`, each.id)
      if (each.inputs !== undefined) add(byInput, inputKey(each.inputs), each.id)
    }
    const found = new Map<string, Found>()
    const keep = (id: string, made: Found) => {
      const before = found.get(id)
      if (before === undefined || isBetter(made, before)) found.set(id, made)
    }
    for (const { platform, run, requests, contents } of eachRecordedRun(db, config, filter, otherOrigins)) {
      const { traceId } = run.trace
      const { inputs, output } = readTraceOutput(run, contents())
      const startMs = startOf(run.trace)! // one without a start is in no window
      for (const id of byTrace.get(`${platform} ${traceId}`) ?? []) keep(id, { output, rank: 3, startMs })
      for (const request of requests) if (ids.has(request)) keep(request, { output, rank: 2, startMs })
      if (inputs !== undefined)
        for (const id of byInput.get(inputKey(inputs)) ?? []) keep(id, { output, rank: 1, startMs })
    }
    return new Map([...found].map(([id, { output }]) => [id, output]))
  }
}

function add(lists: Map<string, string[]>, key: string, id: string): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [id])
  else list.push(id)
}

interface Found {
  output: Output
  /** 3 by its trace, 2 by its request, 1 by its input. */
  rank: number
  startMs: number
}

/** Of equal rank the later one, whatever the order of trace ids. */
function isBetter(made: Found, before: Found): boolean {
  return made.rank === before.rank ? made.startMs >= before.startMs : made.rank > before.rank
}

const inputKey = (inputs: Json) => hashOf(inputs)
