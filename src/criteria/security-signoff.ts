import type { Criterion } from '../core/criterion.js'
import { type WorksheetRow, worksheetOf } from '../core/security/worksheet.js'

/** Questions of the security review without an answer, evidence and reviewer; 0 is wanted. */
export const securitySignoff: Criterion = {
  id: 'security-signoff',
  title: 'Open security questions',
  line: 'production safety',
  unit: 'count',
  defaultTarget: { comparison: '==', value: 0 },
  mustByDefault: true,
  query: "pilot log security --json | jq '.platforms[].open'",
  measure({ security }, { nowMs }) {
    const { rows, open, begun, access } = worksheetOf(security, nowMs)
    if (!begun)
      return { measured: false, reason: 'No question of the security review was answered.', next: 'pilot log security' }
    const left = rows.filter(({ state }) => state === 'open')
    return {
      measured: true,
      value: open,
      unit: 'count',
      n: rows.length,
      x: open,
      whole: true,
      note: left.length === 0 ? undefined : `open: ${left.map(({ id, why }) => `${id} (${why})`).join(', ')}`,
      evidence: [
        'rule: a question is answered when it has an answer, evidence and who accepted it, and the answer is still valid',
        ...rows.map(answerLine),
        ...access.map(
          ({ role, right, allowed, evidence = 'no evidence' }) =>
            `access: ${role}, ${right}: ${allowed ? 'yes' : 'no'}; ${evidence}`,
        ),
      ],
    }
  },
}

function answerLine({ id, answer, why }: WorksheetRow): string {
  if (answer === undefined) return `${id}: open: ${why}`
  const { answer: told, evidence = 'no evidence', reviewer = 'nobody' } = answer
  return `${id}: ${why === undefined ? '' : `open: ${why}: `}${told}; evidence: ${evidence}; accepted by ${reviewer}`
}
