import type { Output } from '../core/eval/case.js'
import type { CheckResult } from '../core/eval/result.js'
import type { EvalRun, RunCase, RunResult, TraceResult } from '../core/eval/run.js'
import { known } from './known.js'
import type { Store } from './open.js'

/** An output as a run keeps it, or why there is none. */
export type KeptOutput = Output & { failure?: string }

/** Writes a run; one of the same id is replaced, its results stay. */
export function saveRun(db: Store, run: EvalRun): void {
  const { id, suite, startedMs, finishedMs, ...body } = run
  db.prepare(
    `INSERT INTO eval_run (id, suite, started_ms, finished_ms, body) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET finished_ms = excluded.finished_ms, body = excluded.body`,
  ).run(id, suite, startedMs, finishedMs ?? null, JSON.stringify(body))
}

/** All runs, the oldest first. */
export function readRuns(db: Store): EvalRun[] {
  const rows = db
    .prepare(
      'SELECT id, suite, started_ms AS startedMs, finished_ms AS finishedMs, body FROM eval_run ORDER BY started_ms, id',
    )
    .all() as { body: string }[]
  return rows.map(({ body, ...row }) => ({
    ...known<Pick<EvalRun, 'id' | 'suite' | 'startedMs' | 'finishedMs'>>(row),
    ...(JSON.parse(body) as Omit<EvalRun, 'id' | 'suite' | 'startedMs' | 'finishedMs'>), // as saveRun wrote it
  }))
}

/** What adds to one run; what is there already is replaced. Call it inside a transaction. */
export function runWriter(db: Store, run: string) {
  const insertCase = db.prepare('INSERT OR REPLACE INTO eval_case (run, case_id, body) VALUES (?, ?, ?)')
  const insertOutput = db.prepare('INSERT OR REPLACE INTO eval_output (run, case_id, repeat, body) VALUES (?, ?, ?, ?)')
  const insertResult = db.prepare(
    'INSERT OR REPLACE INTO eval_result (run, case_id, repeat, check_id, outcome, score, reason) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  return {
    case({ id, ...body }: RunCase): void {
      insertCase.run(run, id, JSON.stringify(body))
    },
    output(caseId: string, repeat: number, output: KeptOutput): void {
      insertOutput.run(run, caseId, repeat, JSON.stringify(output))
    },
    result(caseId: string, repeat: number, check: string, { outcome, score, reason }: CheckResult): void {
      insertResult.run(run, caseId, repeat, check, outcome, score ?? null, reason.toWellFormed())
    },
  }
}

/** The cases of a run, by id. */
export function readRunCases(db: Store, run: string): RunCase[] {
  const rows = db.prepare('SELECT case_id AS id, body FROM eval_case WHERE run = ? ORDER BY case_id').all(run) as {
    id: string
    body: string
  }[]
  return rows.map(({ id, body }) => ({ id, ...(JSON.parse(body) as Omit<RunCase, 'id'>) })) // as runWriter wrote it
}

/** The results of a run, by case, repeat and check. */
export function readRunResults(db: Store, run: string): RunResult[] {
  const rows = db
    .prepare(
      `SELECT case_id AS caseId, repeat, check_id AS "check", outcome, score, reason FROM eval_result WHERE run = ?
       ORDER BY case_id, repeat, check_id`,
    )
    .all(run) as object[]
  return rows.map((row) => known<RunResult>(row))
}

/** The outputs of a run: `[case id, repeat, output]`, by case and repeat. */
export function readRunOutputs(db: Store, run: string): [caseId: string, repeat: number, output: KeptOutput][] {
  const rows = db
    .prepare('SELECT case_id, repeat, body FROM eval_output WHERE run = ? ORDER BY case_id, repeat')
    .raw()
    .all(run) as [string, number, string][]
  return rows.map(([caseId, repeat, body]) => [caseId, repeat, JSON.parse(body) as KeptOutput]) // as runWriter wrote it
}

/** Which prompt version made each output of a run, and on which platform it was recorded, where the output says so. */
export function readOutputPrompts(
  db: Store,
  run: string,
): { caseId: string; repeat: number; prompt?: string; platform?: string }[] {
  const rows = db
    .prepare(
      `SELECT case_id AS caseId, repeat, body ->> '$.prompt' AS prompt, body ->> '$.trace.platform' AS platform
       FROM eval_output WHERE run = ? ORDER BY case_id, repeat`,
    )
    .all(run) as object[]
  return rows.map((row) => known<{ caseId: string; repeat: number; prompt?: string; platform?: string }>(row))
}

/**
 * Moves what a run holds, but not the run itself, to the id of another that holds nothing; repeats go up by `repeatsBy`.
 * Call it inside a transaction.
 */
export function moveRun(db: Store, from: string, to: string, repeatsBy: number): void {
  db.prepare('UPDATE eval_case SET run = ? WHERE run = ?').run(to, from)
  db.prepare('UPDATE eval_output SET run = ?, repeat = repeat + ? WHERE run = ?').run(to, repeatsBy, from)
  db.prepare('UPDATE eval_result SET run = ?, repeat = repeat + ? WHERE run = ?').run(to, repeatsBy, from)
}

/** Takes a run out, with all it holds. Call it inside a transaction. */
export function dropRun(db: Store, run: string): void {
  for (const table of ['eval_case', 'eval_output', 'eval_result'])
    db.prepare(`DELETE FROM ${table} WHERE run = ?`).run(run)
  db.prepare('DELETE FROM eval_run WHERE id = ?').run(run)
}

/** True when two runs hold the same results: of the same cases, repeats and checks, with the same words. */
export function haveSameResults(db: Store, one: string, other: string): boolean {
  const count = db.prepare('SELECT count(*) FROM eval_result WHERE run = ?').pluck()
  if (count.get(one) !== count.get(other)) return false
  const columns = 'case_id, repeat, check_id, outcome, score, reason'
  const different = db.prepare(
    `SELECT ${columns} FROM eval_result WHERE run = ? EXCEPT SELECT ${columns} FROM eval_result WHERE run = ? LIMIT 1`,
  )
  return different.get(one, other) === undefined
}

/** What evals found of the output of one trace, by run and check. */
export function readTraceResults(db: Store, platform: string, traceId: string): TraceResult[] {
  const rows = db
    .prepare(
      `SELECT result.run, result.case_id AS caseId, result.repeat, check_id AS "check", outcome, score, reason
       FROM eval_output AS output JOIN eval_result AS result USING (run, case_id, repeat)
       WHERE output.body ->> '$.trace.traceId' = ? AND output.body ->> '$.trace.platform' = ?
       ORDER BY result.run, result.case_id, result.repeat, check_id`,
    )
    .all(traceId, platform) as object[]
  return rows.map((row) => known<TraceResult>(row))
}

/** The results of one check over the outputs of one eval run. */
export interface CheckCounts {
  run: string
  check: string
  pass: number
  fail: number
  /** Sum of the scores, and how many results have one. */
  scoreSum: number
  scored: number
}

const counts = `count(CASE outcome WHEN 'pass' THEN 1 END) AS pass, count(CASE outcome WHEN 'fail' THEN 1 END) AS fail,
  coalesce(sum(score), 0) AS scoreSum, count(score) AS scored`

/** What eval runs say of outputs that are no recorded traces, by check; the newest run first. */
export function offlineChecks(db: Store): CheckCounts[] {
  return db
    .prepare(
      `SELECT result.run, check_id AS "check", ${counts}
       FROM eval_result AS result JOIN eval_run ON eval_run.id = result.run
       LEFT JOIN eval_output AS output USING (run, case_id, repeat)
       WHERE output.body ->> '$.trace.traceId' IS NULL
       GROUP BY result.run, check_id ORDER BY started_ms DESC, result.run, check_id`,
    )
    .all() as CheckCounts[]
}

/** What eval runs say of recorded traces of a platform, by check; the newest run first. */
export function productionChecks(db: Store, platform: string): CheckCounts[] {
  return db
    .prepare(
      `SELECT result.run, check_id AS "check", ${counts}
       FROM eval_output AS output JOIN eval_result AS result USING (run, case_id, repeat)
       JOIN eval_run ON eval_run.id = result.run
       WHERE output.body ->> '$.trace.platform' = ?
       GROUP BY result.run, check_id ORDER BY started_ms DESC, result.run, check_id`,
    )
    .all(platform) as CheckCounts[]
}

/** The checks that eval runs have made on recorded traces of a platform. */
export function* checkedTraces(db: Store, platform: string): Generator<{ traceId: string; check: string }> {
  const rows = db
    .prepare(
      `SELECT DISTINCT output.body ->> '$.trace.traceId' AS traceId, check_id AS "check"
       FROM eval_output AS output JOIN eval_result USING (run, case_id, repeat)
       WHERE output.body ->> '$.trace.platform' = ?`,
    )
    .iterate(platform)
  yield* rows as IterableIterator<{ traceId: string; check: string }>
}
