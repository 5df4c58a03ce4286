import type { RequiredFields } from '../capture.js'
import { type CompletionRule, usualRule } from '../completed.js'
import type { RequiredField } from '../evidence.js'
import { context } from './context.js'
import { costPerTask } from './cost-per-task.js'
import { failedStep } from './failed-step.js'
import { latencySpikes } from './latency-spikes.js'
import { ownQuestion } from './own.js'
import { productionVsOffline } from './production-vs-offline.js'
import { promptVersion } from './prompt-version.js'
import { qualityChange } from './quality-change.js'
import type { ProductionQuestion } from './question.js'

interface Asking {
  /** Of pilot.yaml. */
  questions?: readonly { question: string; fields: readonly RequiredField[] }[] | undefined
  required: RequiredFields
  completed?: CompletionRule | undefined
  map?: readonly { kind: string; times?: { min: number } | undefined }[] | undefined
}

/** The seven production questions in their order, then the team's own. */
export function productionQuestions({
  questions = [],
  required,
  completed = usualRule,
  map = [],
}: Asking): ProductionQuestion[] {
  const inEveryRun = map.filter(({ times }) => times !== undefined && times.min > 0).map(({ kind }) => kind)
  return [
    promptVersion,
    context,
    failedStep(new Set(inEveryRun)),
    qualityChange,
    costPerTask(completed),
    latencySpikes,
    productionVsOffline,
    ...questions.map((own, index) => ownQuestion(own, index, required)),
  ]
}

/** The question with this id or name; undefined where there is none. */
export function findQuestion(questions: readonly ProductionQuestion[], typed: string): ProductionQuestion | undefined {
  const written = typed.trim().toLowerCase()
  return questions.find(({ id, name }) => id === written || name === written)
}
