import type { Json } from '../../core/span.js'
import type { Foreign } from '../format.js'
import { isObject, type JsonObject } from '../json.js'

/** Keys of a chat example for fine-tuning. */
const exampleKeys = new Set(['messages', 'tools', 'functions', 'parallel_tool_calls', 'weight', 'reference_answer'])
/** Objects of OpenAI's API that are no calls. */
const managed = new Set<Json>([
  'file',
  'model',
  'batch',
  'fine_tuning.job',
  'fine_tuning.job.event',
  'vector_store',
  'eval',
])

/** Files of OpenAI and Anthropic users that are not traces: training examples, eval sets and logs, lists of files and jobs. */
export const openaiForeigners: readonly Foreign[] = [
  {
    what: 'fine-tuning examples',
    hint: 'Training data are not traces: export the calls themselves, with their usage and times.',
    detects: (record) => isObject(record) && (isChatExample(record) || isPair(record) || isPreference(record)),
  },
  {
    what: 'samples or logs of OpenAI evals',
    hint: 'Eval data are not traces; save the completions of the run (store: true) instead.',
    detects: (record) => isObject(record) && isEval(record),
  },
  {
    what: 'files, models, batches or jobs of the OpenAI API',
    hint: 'Download the output file of the batch (output_file_id) and ingest that.',
    detects: (record) => isObject(record) && (managed.has(record.object ?? null) || isManagedList(record)),
  },
  {
    what: 'stream output of `claude -p`',
    hint: 'Take the session transcript from ~/.claude/projects instead; it holds the same with times.',
    detects: (record) =>
      isObject(record) &&
      typeof record.session_id === 'string' &&
      typeof record.type === 'string' &&
      (isObject(record.message) || typeof record.subtype === 'string'),
  },
  {
    what: 'prompt histories of Codex or Claude Code',
    hint: 'Take the sessions themselves: ~/.codex/sessions or ~/.claude/projects.',
    detects: (record) =>
      isObject(record) &&
      ((typeof record.ts === 'number' && typeof record.text === 'string' && typeof record.session_id === 'string') ||
        (typeof record.display === 'string' && record.pastedContents !== undefined)),
  },
]

function isChatExample(record: JsonObject): boolean {
  return Array.isArray(record.messages) && Object.keys(record).every((key) => exampleKeys.has(key))
}

function isPair(record: JsonObject): boolean {
  const keys = Object.keys(record)
  return keys.length === 2 && typeof record.prompt === 'string' && typeof record.completion === 'string'
}

function isPreference(record: JsonObject): boolean {
  return record.preferred_output !== undefined && record.non_preferred_output !== undefined
}

function isEval(record: JsonObject): boolean {
  if (record.object === 'eval.run.output_item') return true
  const isSample = record.input !== undefined && record.ideal !== undefined
  const isLog = typeof record.run_id === 'string' && record.event_id !== undefined && record.sample_id !== undefined
  return isSample || isLog || (isObject(record.spec) && isObject(record.spec.completion_fns ?? record.spec.run_config))
}

function isManagedList({ object, data }: JsonObject): boolean {
  const first = object === 'list' && Array.isArray(data) ? data[0] : undefined
  return isObject(first) && managed.has(first.object ?? null)
}
