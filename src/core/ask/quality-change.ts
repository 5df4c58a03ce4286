import { runValue } from '../select.js'
import { type AskedRun, answeringCall, type Fact, isStated, type ProductionQuestion } from './question.js'

/** Whether a change made answers worse. */
export const qualityChange: ProductionQuestion = {
  id: '4',
  name: 'quality-change',
  version: 1,
  text: 'Did quality fall after a change of prompt, model or retrieval?',
  rule: 'a score or feedback is joined to the run, which states a release or a prompt version; and there are such runs on both sides of a change',
  more: 'pilot releases',
  read(asked) {
    const missing = [
      ...(asked.isJudged ? [] : ['score or feedback']),
      ...(sidesOf(asked).length > 0 ? [] : ['release or prompt.version']),
    ]
    return { missing, lacks: [] }
  },
  sides: sidesOf,
  answer({ scores, feedback, ...asked }) {
    const judged: Fact[] = [
      ...scores.map(({ name, label, value }) => ({
        text: `score ${name}: ${label ?? value ?? 'without a value'}`,
        attributes: ['score'],
      })),
      ...feedback.map(({ kind, value }) => ({
        text: `feedback ${kind}${value === undefined ? '' : `: ${value}`}`,
        attributes: ['feedback'],
      })),
    ]
    const sides = sidesOf(asked).map(([what, value]) => ({
      text: `${what} ${value}`,
      attributes: [what === 'release' ? 'release' : 'prompt.version'],
    }))
    return [...judged, ...sides]
  },
}

/** The release of a run, and the version of the prompt that answered. */
export function sidesOf({ run }: Pick<AskedRun, 'run'>): [what: string, value: string][] {
  const release = runValue(run.trace, run.root, 'release')
  const call = answeringCall(run)
  const prompt = call !== undefined && isStated(call.promptName) && isStated(call.promptVersion)
  return [
    ...(isStated(release) ? [['release', release] as [string, string]] : []),
    ...(prompt ? [[`prompt ${call.promptName}`, call.promptVersion] as [string, string]] : []),
  ]
}
