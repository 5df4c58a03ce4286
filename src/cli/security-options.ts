import { nearest } from '../config/suggest.js'
import { PilotError } from '../core/errors.js'
import type { LogEntry } from '../core/log-entry.js'
import { questionsOfReview } from '../core/security/questions.js'
import { accessRights } from '../core/security/worksheet.js'
import { isDay } from '../formats/log-security.js'
import { aliasOf } from './log-options.js'
import type { AccessOptions, SecurityOptions } from './log-security.js'

type Told = Pick<LogEntry, 'engineer' | 'note' | 'work'>
type OwnQuestions = readonly { id?: string | undefined; question: string }[] | undefined

/** An answer to a question of the worksheet. Throws `PilotError`. */
export function securityOf(
  question: string | undefined,
  { answer, evidence, until, by, questions }: SecurityOptions & { answer: string; questions: OwnQuestions },
): Told {
  if (question === undefined)
    throw new PilotError('No question was named.', { hint: 'pilot log security shows their ids.' })
  requireQuestion(question, questions)
  if (until !== undefined && !isDay(until)) throw new PilotError('--until: expected a day such as 2026-12-31.')
  const work = { kind: 'security' as const, question, answer: filled('--answer', answer) }
  const proof = evidence === undefined ? {} : { evidence: filled('--evidence', evidence) }
  return { ...reviewer(by), work: { ...work, ...proof, ...(until !== undefined && { until }) } }
}

/** Throws `PilotError` where the worksheet has no such question. */
export function requireQuestion(question: string, own: OwnQuestions): void {
  const ids = questionsOfReview(own ?? []).map(({ id }) => id)
  if (ids.includes(question)) return
  const near = nearest(question, ids)
  const hint = near === undefined ? `The worksheet has ${ids.join(', ')}.` : `Did you mean ${near}?`
  throw new PilotError(`The worksheet has no question ${question}.`, { hint })
}

/** What a role may do. Throws `PilotError`. */
export function accessOf({ role, right, allowed, evidence, by }: AccessOptions): Told {
  if (role === undefined) throw new PilotError('--role is missing.', { hint: 'Such as --role support.' })
  const known = accessRights.find((each) => each === right)
  if (known === undefined) {
    const near = right === undefined ? undefined : nearest(right, accessRights)
    const hint = near === undefined ? `One of ${accessRights.join(', ')}.` : `Did you mean ${near}?`
    throw new PilotError(right === undefined ? '--right is missing.' : `--right: there is none called ${right}.`, {
      hint,
    })
  }
  if (allowed !== 'yes' && allowed !== 'no') throw new PilotError('--allowed: expected yes or no.')
  const proof = evidence === undefined ? {} : { evidence: filled('--evidence', evidence) }
  const work = { kind: 'access' as const, role: filled('--role', role), right: known, allowed: allowed === 'yes' }
  return { ...reviewer(by), work: { ...work, ...proof } }
}

const reviewer = (by: string | undefined) => (by === undefined ? {} : { engineer: aliasOf(by, '--by') })

function filled(option: string, written: string): string {
  const trimmed = written.trim()
  if (trimmed !== '' && trimmed.length <= 2000) return trimmed
  throw new PilotError(`${option}: expected text of 1 to 2,000 characters.`)
}
