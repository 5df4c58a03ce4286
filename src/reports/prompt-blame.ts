import type { Blame } from '../core/prompts/blame.js'
import { deployedText, minuteText } from './prompts.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'

/** What made the output of one run, line by line, and what is missing to tell. */
export function formatBlame(blame: Blame, options: TerminalOptions): string {
  const { traceId, platform, startMs, call, name, version, text, release, environment, others, missing } = blame
  const lines = [
    `run: ${minuteText(startMs)}${environment === undefined ? '' : ` in ${environment}`}`,
    ...(call === undefined
      ? []
      : [
          `${call.answered ? 'answer' : 'no answer; last call'}: ${[call.step, call.model].filter(Boolean).join(', ')} (${call.spanId})`,
        ]),
    `prompt: ${name === undefined && version === undefined ? 'not known' : `${name ?? '(no name)'}@${version ?? '(no version)'}`}`,
    ...(text === undefined ? [] : [`text: ${text.sort} ${text.hash}`]),
    ...(others.length > 0 ? [`other prompts of the run: ${others.join(', ')}`] : []),
    ...(release === undefined ? [] : [`release: ${release}${released(blame)}`]),
    ...(version === undefined ? [] : [deployment(blame)]),
    ...missing.map(({ attribute, why }) => `missing: ${attribute}: ${why}`),
  ]
  return formatSection({ title: `${traceId} on ${platform}`, lines }, options).join('\n')
}

function released({ releaseDeployment }: Blame): string {
  return releaseDeployment === undefined ? '' : `, deployed ${deployedText(releaseDeployment)}`
}

function deployment({ deployment: found, liveThen }: Blame): string {
  const other =
    liveThen === undefined
      ? ''
      : `; by the deployments ${liveThen.version} was live then, since ${minuteText(liveThen.timeMs)}`
  if (found === undefined) return `deployment: none of this version before the run is stored${other}`
  return `${found.action === 'rollback' ? 'rolled back to' : 'deployed'}: ${deployedText(found)}${other}`
}
