import type { Evidence } from '../evidence.js'
import { type AccessRow, type SecurityAnswer, type WorksheetRow, worksheetOf } from './worksheet.js'

/** A question with its answer, as the scorecard has it. */
export interface ReviewedQuestion extends Pick<WorksheetRow, 'id' | 'question' | 'state' | 'why'> {
  platform: string
  answer?: string
  evidence?: string | undefined
  reviewer?: string | undefined
  timeMs?: number | undefined
  until?: string | undefined
}

/** The sign-off, and the worksheet of every platform that has to answer or did. */
export interface SecurityReview {
  sign_off?: { reviewer: string; date: string; evidence: string } | undefined
  questions: readonly ReviewedQuestion[]
  access: readonly ({ platform: string } & Omit<AccessRow, 'earlier'>)[]
}

/** The security review as it stands; the baseline is in it once something was answered of it. */
export function securityReview(
  sign_off: SecurityReview['sign_off'],
  evidence: readonly Pick<Evidence, 'platform' | 'role' | 'security'>[],
  nowMs: number,
): SecurityReview {
  const sheets = evidence
    .map(({ platform, role, security }) => ({ platform, role, sheet: worksheetOf(security, nowMs) }))
    .filter(({ role, sheet }) => role === 'candidate' || sheet.begun)
  return {
    ...(sign_off && { sign_off }),
    questions: sheets.flatMap(({ platform, sheet }) => sheet.rows.map((row) => reviewed(platform, row))),
    access: sheets.flatMap(({ platform, sheet }) =>
      sheet.access.map(({ earlier: _, ...row }) => ({ platform, ...row })),
    ),
  }
}

function reviewed(platform: string, { id, question, state, why, answer }: WorksheetRow): ReviewedQuestion {
  const { question: _, ...told }: Partial<SecurityAnswer> = answer ?? {}
  return { platform, id, question, state, why, ...told }
}
