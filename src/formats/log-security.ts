import type { AccessWork, SecurityWork } from '../core/log-entry.js'
import { accessRights } from '../core/security/worksheet.js'
import type { Json } from '../core/span.js'
import { readFlag } from './flag.js'
import type { Fields } from './log.js'
import { msOfIso } from './time.js'

/** An answer to a question of the security review, or what is wrong with the row. */
export function readSecurity({ text, missing }: Fields): SecurityWork | string {
  const [question, answer, until] = [text('question'), text('answer'), text('until')]
  if (question === undefined) return missing('question')
  if (answer === undefined) return missing('answer')
  if (until !== undefined && !isDay(until)) return 'until is no day such as 2026-12-31'
  return { kind: 'security', question, answer, ...evidenceIn(text('evidence')), ...(until !== undefined && { until }) }
}

/** What a role may do, or what is wrong with the row. */
export function readAccess({ text, missing }: Fields): AccessWork | string {
  const [role, named] = [text('role'), text('right')?.toLowerCase()]
  if (role === undefined) return missing('role')
  if (named === undefined) return missing('right')
  const right = accessRights.find((known) => known === named)
  if (right === undefined) return `the right is none of ${accessRights.join(', ')}`
  const allowed = readFlag(text('allowed'))
  if (allowed === undefined)
    return text('allowed') === undefined ? missing('allowed') : 'allowed is neither true nor false'
  return { kind: 'access', role, right, allowed, ...evidenceIn(text('evidence')) }
}

/** The cells that either is written as. */
export function answerCells(work: SecurityWork | AccessWork): { [key: string]: Json | undefined } {
  const { kind: _, ...cells } = work
  return cells
}

/** True for a day of the calendar: `2026-12-31`. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && msOfIso(text) !== undefined
}

const evidenceIn = (evidence: string | undefined) => (evidence === undefined ? {} : { evidence })
