import { z } from 'zod'
import { oneLine } from '../core/eval/one-line.js'
import { type CheckResult, failedCheck, verdictOf } from '../core/eval/result.js'
import { isObject, parseJson } from '../core/json.js'
import { defineCheck, type Item } from './check.js'
import { duration } from './duration.js'

export const command = defineCheck({
  name: 'command',
  summary: "the team's own program passes the output: exit code 0 passes, 1 fails",
  settings: z.strictObject({
    run: z
      .array(z.string().min(1))
      .min(1)
      .describe(
        'The program with its arguments; no shell. It reads one line of JSON, {case, output}, and may print as its last line {pass, score, reason}, which goes before the exit code.',
      ),
    timeout: duration.prefault('30s').describe('How long one output may take: 500ms, 30s, 2m.'),
  }),
  prepare({ run, timeout }) {
    return (item) => ({ kind: 'command', argv: run, timeoutMs: timeout, input: lineOf(item), read: readEnd })
  },
})

function lineOf({ case: { id, inputs, reference, tags, labels }, output }: Item): string {
  return `${JSON.stringify({ case: { id, inputs, reference, tags, labels }, output })}\n`
}

function readEnd({ exitCode, stdout }: { exitCode: number; stdout: string }): CheckResult {
  const last = lastLine(stdout)
  const printed = parseJson(last)
  if (isObject(printed) && Object.hasOwn(printed, 'pass')) {
    const { pass, score, reason } = printed
    if (typeof pass !== 'boolean') return failedCheck('the command printed a "pass" that is neither true nor false')
    if (score !== undefined && score !== null && !isNumber(score))
      return failedCheck('the command printed a "score" that is no number')
    const words = typeof reason === 'string' ? oneLine(reason) : ''
    return verdictOf(pass, words === '' ? `the command says ${pass ? 'pass' : 'fail'}` : words, score ?? undefined)
  }
  const reason = last === '' ? `exit code ${exitCode}` : `exit code ${exitCode}: ${oneLine(last)}`
  return exitCode === 0 || exitCode === 1 ? verdictOf(exitCode === 0, reason) : failedCheck(reason)
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function lastLine(stdout: string): string {
  const text = stdout.trimEnd()
  return text.slice(text.lastIndexOf('\n') + 1).trim()
}
