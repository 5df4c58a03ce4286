import type { ToolUse } from '../../core/eval/case.js'
import type { ImportedRow } from '../../core/eval/imported.js'
import type { Json } from '../../core/span.js'
import { isObject, unpack } from '../json.js'
import type { Row } from '../row.js'
import { isNothing, known, numberOf, objectsIn, wordOf } from './cells.js'
import type { EvalFormat } from './format.js'

/** tau-bench: a row per task and trial; a reward of 1 is a pass. */
export const tauBench: EvalFormat = {
  name: 'tau-bench',
  title: 'tau-bench: the file that its run.py leaves in the folder of --log-dir',
  containers: new Set(),
  rows: (record) => [record],
  detects: (row) => ['task_id', 'reward', 'trial'].every((name) => Object.hasOwn(row, name)),
  read,
}

function read(row: Row): ImportedRow | string {
  const caseId = wordOf(row.task_id)
  if (caseId === undefined) return 'no task_id'
  const info = isObject(row.info) ? row.info : {}
  const task = isObject(info.task) ? info.task : {}
  // A trial that raised an exception is written down with a reward of 0.
  const failure = wordOf(info.error)
  const reward = numberOf(row.reward)
  if (reward === undefined && !isNothing(row.reward)) return 'the reward is no number'
  const trial = numberOf(row.trial)
  const passes = reward !== undefined && Math.abs(reward - 1) < 1e-6
  return {
    caseId,
    repeat: trial === undefined ? undefined : trial + 1,
    inputs: task.instruction,
    reference: known({ actions: task.actions, outputs: task.outputs }) as ImportedRow['reference'], // without undefined members it is JSON
    output: known({ ...outputOf(row), costUsd: numberOf(info.user_cost), failure }),
    checks: [
      failure !== undefined || reward === undefined
        ? { check: 'reward', outcome: 'error', reason: failure ?? 'no reward' }
        : { check: 'reward', outcome: passes ? 'pass' : 'fail', score: reward, reason: `reward ${reward}` },
    ],
  }
}

/** The last words of the agent, and its calls of tools, each with what the environment answered. */
function outputOf({ traj }: Row): { value?: string; tools?: ToolUse[] } {
  const messages = objectsIn(traj)
  if (messages.length === 0) return {}
  // Ids of calls come back within one trial: the first call of an id has the first answer to it.
  const answers = new Map<string | undefined, Json[]>()
  for (const message of messages) {
    if (message.role !== 'tool') continue
    const id = wordOf(message.tool_call_id)
    const given = answers.get(id) ?? []
    given.push(message.content ?? null)
    answers.set(id, given)
  }
  const calls = messages.flatMap((message) => objectsIn(message.tool_calls))
  const tools = calls.map((call): ToolUse => {
    const said = isObject(call.function) ? call.function : {}
    const result = answers.get(wordOf(call.id))?.shift() ?? undefined
    return {
      name: wordOf(said.name) ?? 'tool',
      arguments: said.arguments === undefined ? undefined : unpack(said.arguments),
      result,
      isError: typeof result === 'string' && result.startsWith('Error'),
    }
  })
  const last = messages.findLast(({ role, content }) => role === 'assistant' && wordOf(content) !== undefined)
  return { value: wordOf(last?.content), tools }
}
