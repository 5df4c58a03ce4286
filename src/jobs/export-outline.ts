import { entryOf } from '../core/keys.js'
import type { ExportProbe } from '../core/probes/export.js'
import { runValue, startOf, type Window } from '../core/select.js'
import { readStructure } from '../core/structure.js'
import type { Trace } from '../core/trace.js'
import { eachVersionOutline } from '../store/each-trace.js'
import type { Store } from '../store/open.js'

/** What an export holds, before it is held against anything. */
export interface ExportOutline extends Pick<ExportProbe, 'traces' | 'spans' | 'startMs' | 'endMs' | 'environments'> {
  /** From the start of its first trace to that of its last, both included; undefined where no trace has a time. */
  window: Window | undefined
  /** The trace of a request; of several the first. */
  traceOf(request: string | undefined): string | undefined
}

/** Reads the traces of an export once. */
export function outlineOf(db: Store, platform: string): ExportOutline {
  const requests = new Map<string, string>()
  const environments = new Map<string, ExportProbe['environments'][number]>()
  let traces = 0
  let spans = 0
  let startMs: number | undefined
  let endMs: number | undefined
  for (const trace of eachVersionOutline(db, platform)) {
    traces += 1
    spans += trace.spans.filter(({ isRollup }) => !isRollup).length
    const began = startOf(trace)
    if (began !== undefined) {
      startMs = Math.min(startMs ?? began, began)
      endMs = Math.max(endMs ?? began, began)
    }
    for (const { request } of trace.spans)
      if (request !== undefined && !requests.has(request)) requests.set(request, trace.traceId)
    const entry = entryOf(environments, environmentOf(trace) ?? '', (name) => ({ name, traces: 0, examples: [] }))
    entry.traces += 1
    if (entry.examples.length < 5) entry.examples.push(trace.traceId)
  }
  return {
    ...{ traces, spans, startMs, endMs },
    environments: [...environments.values()].sort((a, b) => b.traces - a.traces),
    // A microsecond later: a window ends before its end.
    window: startMs === undefined || endMs === undefined ? undefined : { startMs, endMs: endMs + 0.001 },
    traceOf: (request) => (request === undefined ? undefined : requests.get(request)),
  }
}

/** The environment that a trace states. */
export function environmentOf(trace: Trace): string | undefined {
  const { root } = readStructure(trace)
  return root === undefined ? undefined : runValue(trace, root, 'environment')
}
