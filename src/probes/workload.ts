import { exitCodes, PilotError } from '../core/errors.js'
import type { AnsweredRequest, SampleKind, WorkloadRun } from '../core/probes/outage.js'
import { requestOfLine } from '../core/probes/request-line.js'
import { signsOfTrouble } from '../core/probes/trouble.js'
import { type Callee, callWorkload } from './outage-http.js'
import { type Program, type ProgramEnd, startProgram } from './program.js'

export interface WorkloadPlan {
  /** With `{endpoint}` and `{requests}` where they belong. */
  command: readonly string[]
  /** Beside our own environment. */
  env: Readonly<Record<string, string>>
  cwd: string
  requests: number
  limitMs: number
  /** Pilot calls it, instead of reading its lines. */
  callee: Callee | undefined
  signal: AbortSignal
}

/** Why nothing came of a run that was aborted. */
export function interrupted(): PilotError {
  return new PilotError('Interrupted.', { exitCode: exitCodes.interrupted })
}

/** What a run of the workload left, but for what the endpoint received. */
export type WorkloadEnd = Omit<WorkloadRun, 'received'> & { kind: SampleKind }

/** A run has fewer by its settings; an application may print what it likes. */
const mostRequests = 1_000_000

/** Runs the workload once, from its start to its exit, against an endpoint. Throws `PilotError` where it cannot be run. */
export async function runWorkload(
  plan: WorkloadPlan,
  endpoint: string,
  onProgress: (done: number) => void,
): Promise<WorkloadEnd> {
  const requests: AnsweredRequest[] = []
  let lastMs: number | undefined
  const memory: { middle?: number | undefined; last?: number | undefined } = {}
  const numbers = new Set<number>()
  const add = (request: AnsweredRequest, atMs: number) => {
    if (numbers.has(request.number) || numbers.size >= mostRequests) return
    numbers.add(request.number)
    requests.push(request)
    lastMs = atMs
    if (requests.length === Math.ceil(plan.requests / 2)) memory.middle = program.memoryNow()
    if (requests.length === plan.requests) memory.last = program.memoryNow()
    onProgress(requests.length / plan.requests)
  }
  const watcher = plan.callee?.watch()
  const program: Program = startProgram({
    ...plan,
    ...filled(plan, endpoint),
    onLine: (line, atMs) => {
      watcher?.onLine(line)
      const request = plan.callee === undefined ? requestOfLine(line, requests.length + 1) : undefined
      if (request !== undefined) add(request, atMs)
    },
  })
  if (plan.callee !== undefined && watcher !== undefined) {
    await callWorkload(plan.callee, { ...plan, watcher, ended: program.ended, add })
    lastMs = performance.now()
    program.terminate()
  }
  const end = await program.ended
  if (plan.signal.aborted) throw interrupted()
  return runOf(end, { requests, lastMs, memory, isCalled: plan.callee !== undefined })
}

interface Seen {
  requests: readonly AnsweredRequest[]
  lastMs: number | undefined
  memory: { middle?: number | undefined; last?: number | undefined }
  isCalled: boolean
}

function runOf(end: ProgramEnd, { requests, lastMs, memory: { middle, last }, isCalled }: Seen): WorkloadEnd {
  const totalMs = end.exitedMs - end.startedMs
  const figures = {
    exitCode: end.exitCode,
    isKilled: end.isKilled,
    totalMs,
    peakBytes: end.peakBytes,
    grewBytes: middle === undefined || last === undefined ? undefined : last - middle,
    printed: end.printed,
    ...signsOfTrouble(end.errors),
  }
  if (isCalled || requests.length > 0)
    return {
      kind: isCalled ? 'http' : 'lines',
      requests: [...requests],
      exitDelayMs: lastMs === undefined ? undefined : Math.max(0, end.exitedMs - lastMs),
      ...figures,
    }
  // Nothing tells its requests apart: the run as a whole is one, and how long it takes is a matter of its exit.
  const whole = { number: 1, ms: undefined, ok: end.exitCode === 0, answer: end.printed }
  return { kind: 'process', requests: end.isKilled ? [] : [whole], exitDelayMs: undefined, ...figures }
}

function filled({ command, env, requests }: WorkloadPlan, endpoint: string) {
  const fill = (text: string) => text.replaceAll('{endpoint}', endpoint).replaceAll('{requests}', String(requests))
  const own = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value)]))
  return { command: command.map(fill), env: { ...process.env, ...own } }
}
