import { isObject, parseJson } from '../json.js'

/** One request as a workload states it: `{"request": 3, "ms": 12.3, "ok": true, "loopMs": 0.4}`. */
export interface WorkloadLine {
  ms: number
  ok: boolean
  loopMs: number | undefined
  /** Characters before its end, line break included. */
  end: number
}

/** The requests in what a workload printed, in order; whatever else it prints is passed over. `ok` is true unless it says false. */
export function readWorkload(printed: string): WorkloadLine[] {
  const lines: WorkloadLine[] = []
  let end = 0
  for (const text of printed.split('\n')) {
    end += text.length + 1
    const value = text.startsWith('{') ? parseJson(text) : undefined
    if (!isObject(value) || !isTime(value.ms)) continue
    lines.push({ ms: value.ms, ok: value.ok !== false, loopMs: isTime(value.loopMs) ? value.loopMs : undefined, end })
  }
  return lines
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}
