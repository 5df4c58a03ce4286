import type { ProductionQuestion } from './question.js'

/** Whether what evals promised holds in production. */
export const productionVsOffline: ProductionQuestion = {
  id: '7',
  name: 'production-vs-offline',
  version: 1,
  text: 'Do production runs compare with offline eval results?',
  rule: 'a score or check of the run has the name of one in an eval run whose outputs are no recorded traces',
  more: 'pilot eval list',
  read({ evaluated }) {
    if (evaluated === 'comparable') return { missing: [], lacks: [] }
    return { missing: [evaluated === 'no' ? 'score or check' : 'offline eval run of the same check'], lacks: [] }
  },
  answer({ scores, evals }) {
    return [
      ...scores.map(({ name, label, value }) => ({
        text: `score ${name}: ${label ?? value ?? 'without a value'}`,
        attributes: ['score'],
      })),
      ...evals.map(({ run, check, outcome }) => ({
        text: `check ${check}: ${outcome}`,
        attributes: [`eval run ${run}`],
      })),
    ]
  },
}
