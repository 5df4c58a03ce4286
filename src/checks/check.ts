import type { z } from 'zod'
import type { Case, Output } from '../core/eval/case.js'
import type { ChatMessage, JudgeSpec } from '../core/eval/judge.js'
import type { CheckResult } from '../core/eval/result.js'

/** What a check looks at. */
export interface Item {
  case: Case
  output: Output
}

/** What a check asks of the world before it can say: a judge's answers to each conversation, or a command's to one input. */
export type Errand =
  | { kind: 'judge'; judge: string; asks: ChatMessage[][]; read(answers: string[]): CheckResult }
  | {
      kind: 'command'
      /** Program and arguments; no shell. */
      argv: string[]
      timeoutMs: number
      /** For its standard input. */
      input: string
      read(ended: { exitCode: number; stdout: string }): CheckResult
    }

/** Judges one output. Never throws for whatever stands in it. */
export type Grade = (item: Item) => CheckResult | Errand

/** What a check may know of the pilot when it is made ready. */
export interface Setting {
  judges: ReadonlyMap<string, JudgeSpec>
}

/** One kind of test on one output. */
export interface Check<Schema extends z.ZodObject = z.ZodObject> {
  /** As `evals.suites[].checks[].check` names it. */
  name: string
  /** What passes, in one line. */
  summary: string
  settings: Schema
  /** What grades each output by these settings. Throws `PilotError` for settings that cannot work. */
  prepare(settings: z.output<Schema>, setting: Setting): Grade | Promise<Grade>
}

/** A check whose settings have the types that its schema gives them. */
export function defineCheck<Schema extends z.ZodObject>(check: Check<Schema>): Check {
  return check as unknown as Check // the catalogue knows settings only as what the schema has parsed
}
