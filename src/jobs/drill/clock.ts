import { performance } from 'node:perf_hooks'

/** A stopwatch that runs from the start; changes of the wall clock do not touch it. */
export interface Clock {
  elapsedMs(): number
  stop(): void
  start(): void
}

/** A running clock that shows `elapsedMs` already. */
export function createClock(elapsedMs: number): Clock {
  let sum = elapsedMs
  let sinceMs: number | undefined = performance.now()
  return {
    elapsedMs: () => Math.round(sum + (sinceMs === undefined ? 0 : performance.now() - sinceMs)),
    stop() {
      if (sinceMs !== undefined) sum += performance.now() - sinceMs
      sinceMs = undefined
    },
    start() {
      sinceMs ??= performance.now()
    },
  }
}

/** `04:07`, `1:02:03`. */
export function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const [hours, rest] = [Math.floor(seconds / 3600), seconds % 3600]
  const text = [Math.floor(rest / 60), rest % 60].map((part) => String(part).padStart(2, '0')).join(':')
  return hours > 0 ? `${hours}:${text}` : text
}
