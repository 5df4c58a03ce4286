import type { Deployment } from '../deployment.js'
import { modelOf } from '../run.js'
import { runValue, startOf } from '../select.js'
import { stepName } from '../step.js'
import { readStructure } from '../structure.js'
import type { Trace, TraceSpan } from '../trace.js'
import { modelCalls } from '../usage.js'
import type { TextSort } from './drift.js'

/** What of a trace is not known, and so cannot be blamed. */
export interface MissingAttribute {
  /** As `capture.required` names it. */
  attribute: string
  why: string
}

/** What made the output of one run. */
export interface Blame {
  platform: string
  traceId: string
  startMs: number | undefined
  /** The model call that answered last; one that failed where none answered. */
  call: { spanId: string; step: string; model: string | undefined; answered: boolean } | undefined
  name: string | undefined
  version: string | undefined
  text: { sort: TextSort; hash: string } | undefined
  /** Other prompt versions that spans of the run name. */
  others: string[]
  release: string | undefined
  environment: string | undefined
  /** The last deployment of that version there, before the run. */
  deployment: Deployment | undefined
  /** The version that was live there by the deployments, where that is another one. */
  liveThen: Deployment | undefined
  releaseDeployment: Deployment | undefined
  missing: MissingAttribute[]
}

interface BlameInput {
  trace: Trace
  /** In order of time. */
  deployments: readonly Deployment[]
  /** Where runs ran that do not say so. */
  production: string
  textOf(spanId: string): Blame['text']
}

/** Which prompt version, text, release and deployment made the output of a run, or the attributes that are missing. */
export function readBlame({ trace, deployments, production, textOf }: BlameInput): Blame {
  const structure = readStructure(trace)
  const root = structure.root ?? trace.spans[0]! // a stored trace has a span
  const calls = modelCalls(trace, structure)
  const answering = calls.filter(({ status }) => status !== 'error').at(-1)
  const call = answering ?? calls.at(-1)
  const [name, version] = [call?.promptName || undefined, call?.promptVersion || undefined]
  const [release, environment] = [runValue(trace, root, 'release'), runValue(trace, root, 'environment')]
  const startMs = startOf(trace)
  const text = call && textOf(call.spanId)
  const before = deployments.filter(
    (each) =>
      startMs !== undefined &&
      each.timeMs <= startMs &&
      (each.environment === undefined || each.environment === (environment ?? production)),
  )
  const ofPrompt = before.filter((each) => each.kind === 'prompt' && each.name === name)
  const last = ofPrompt.at(-1)
  return {
    ...{ platform: trace.platform, traceId: trace.traceId, startMs, name, version, text, release, environment },
    call: call && { spanId: call.spanId, step: stepName(call), model: modelOf(call), answered: call === answering },
    others: otherVersions(trace, call),
    deployment: ofPrompt.findLast((each) => each.action !== 'remove' && each.version === version),
    liveThen: last !== undefined && last.version !== version && last.action !== 'remove' ? last : undefined,
    releaseDeployment: before.findLast((each) => each.kind === 'release' && each.version === release),
    missing: missingOf({ call, name, version, text, release, environment }),
  }
}

function otherVersions({ spans }: Trace, call: TraceSpan | undefined): string[] {
  const labels = spans.flatMap(({ promptName, promptVersion }) =>
    promptName && promptVersion ? [`${promptName}@${promptVersion}`] : [],
  )
  const own = `${call?.promptName}@${call?.promptVersion}`
  return [...new Set(labels)].filter((label) => label !== own)
}

function missingOf({
  call,
  ...known
}: Pick<Blame, 'name' | 'version' | 'text' | 'release' | 'environment'> & {
  call: TraceSpan | undefined
}): MissingAttribute[] {
  if (call === undefined) return [{ attribute: 'output', why: 'the trace has no model call' }]
  const where = `the call ${stepName(call)} (${call.spanId})`
  return [
    ...(known.name === undefined
      ? [{ attribute: 'prompt.name', why: `${where} does not say which prompt it used` }]
      : []),
    ...(known.version === undefined
      ? [{ attribute: 'prompt.version', why: `${where} does not say which version it used` }]
      : []),
    ...(known.text?.sort === 'template'
      ? []
      : [
          {
            attribute: 'template',
            why: `${where} has ${known.text ? 'a system message alone' : 'no text of its prompt'}`,
          },
        ]),
    ...(known.release === undefined ? [{ attribute: 'release', why: 'no span of the trace says which code ran' }] : []),
    ...(known.environment === undefined
      ? [{ attribute: 'environment', why: 'no span of the trace says where it ran' }]
      : []),
  ]
}
