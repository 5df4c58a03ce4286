import { answeringCall, isStated, type ProductionQuestion } from './question.js'

/** Which version of the prompt wrote an answer. */
export const promptVersion: ProductionQuestion = {
  id: '1',
  name: 'prompt-version',
  version: 1,
  text: 'Which version of the prompt wrote this answer?',
  rule: 'the model call that answered last states the name and the version of its prompt',
  more: 'pilot prompts',
  read({ run }) {
    const call = answeringCall(run)
    if (call === undefined) return { missing: ['model call'], lacks: [] }
    const missing = [
      ...(isStated(call.promptName) ? [] : ['prompt.name']),
      ...(isStated(call.promptVersion) ? [] : ['prompt.version']),
    ]
    return { missing, lacks: [] }
  },
  answer({ run }) {
    const span = answeringCall(run)
    if (span === undefined) return []
    const stated = [
      ...(isStated(span.promptName) ? [[span.promptName, 'prompt.name']] : []),
      ...(isStated(span.promptVersion) ? [[`version ${span.promptVersion}`, 'prompt.version']] : []),
    ]
    if (stated.length === 0) return []
    return [{ text: stated.map(([text]) => text).join(', '), span, attributes: stated.map(([, name = '']) => name) }]
  },
}
