/** One trace of a request. */
export interface RequestTrace {
  traceId: string
  /** False where it is no run of the workflow by itself, such as a part without the root. */
  isRun: boolean
}

/** A request whose run is spread over several traces, or that was traced more than once. */
export interface SplitRequest<T extends RequestTrace> {
  request: string
  traces: T[]
}

/** Requests by id, as traces come; keeps one entry a request. */
export function requestTraces<T extends RequestTrace>() {
  const first = new Map<string, T>()
  const split = new Map<string, T[]>()
  return {
    add(requests: Iterable<string>, trace: T): void {
      for (const request of requests) {
        const earlier = first.get(request)
        const traces = split.get(request)
        if (earlier === undefined) first.set(request, trace)
        else if (traces === undefined) split.set(request, [earlier, trace])
        else traces.push(trace)
      }
    },
    /** The requests in several traces, of which at least one is a run. */
    result: (): SplitRequest<T>[] =>
      [...split]
        .map(([request, traces]) => ({ request, traces }))
        .filter(({ traces }) => traces.some(({ isRun }) => isRun)),
  }
}
