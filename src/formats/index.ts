import type { Json } from '../core/span.js'
import { anthropic } from './anthropic.js'
import { braintrust } from './braintrust.js'
import { claudeCode } from './claude-code.js'
import { codex } from './codex.js'
import { events } from './events.js'
import type { Format } from './format.js'
import { helicone } from './helicone.js'
import { jaeger } from './jaeger.js'
import { langfuse } from './langfuse.js'
import { langsmith } from './langsmith.js'
import { litellm } from './litellm.js'
import { logfire } from './logfire.js'
import { type Mapping, mappedFormat } from './mapped.js'
import { mlflow } from './mlflow.js'
import { native } from './native.js'
import { openai } from './openai.js'
import { openaiAgents } from './openai-agents.js'
import { opik } from './opik.js'
import { otlp } from './otlp.js'
import { phoenix } from './phoenix.js'
import { promptlayer } from './promptlayer.js'
import { sdkSpans } from './sdk-spans.js'
import { spanTree } from './span-tree.js'
import { weave } from './weave.js'

/** Every export format, in the order in which they are tried: the most specific marks first. */
export const formats: readonly Format[] = [
  otlp,
  openaiAgents,
  langsmith,
  braintrust,
  promptlayer,
  litellm,
  helicone,
  langfuse,
  opik,
  weave,
  mlflow,
  phoenix,
  jaeger,
  logfire,
  spanTree,
  events,
  sdkSpans,
  openai,
  anthropic,
  claudeCode,
  codex,
  native,
]

/** The formats of a pilot: its own mapping is asked before pilot's own lines, which have the plainest marks. */
export function formatsWith(mapping: Mapping | undefined): readonly Format[] {
  return mapping === undefined ? formats : [...formats.slice(0, -1), mappedFormat(mapping), native]
}

/** The format of one record, by its content alone; undefined when none fits. */
export function detectFormat(record: Json): Format | undefined {
  return formats.find((format) => format.detects(record))
}
