import type { AnsweredRequest } from './outage.js'

/**
 * The request that a line of the workload states: `{"request": 1, "ms": 12.3, "ok": true, "answer": "…"}`; undefined for any
 * other line. All but `request` may be left out; one that does not say so went well.
 */
export function requestOfLine(line: string, place: number): AnsweredRequest | undefined {
  if (!line.trimStart().startsWith('{')) return undefined
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'request')) return undefined
  const { request, ms, ok, answer } = value as Record<string, unknown>
  return {
    number: Number.isSafeInteger(request) ? (request as number) : place,
    ms: typeof ms === 'number' && Number.isFinite(ms) && ms >= 0 ? ms : undefined,
    ok: ok !== false,
    answer: answer === undefined ? undefined : String(JSON.stringify(answer)),
  }
}
