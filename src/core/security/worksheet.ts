import type { SecurityQuestion } from './questions.js'

/** What somebody answered, and what shows it. */
export interface SecurityAnswer {
  /** Id of the question. */
  question: string
  answer: string
  evidence?: string | undefined
  /** Who accepted it. */
  reviewer?: string | undefined
  /** When it was answered, epoch milliseconds; undefined where pilot.yaml does not say. */
  timeMs?: number | undefined
  /** The last day on which it is valid, UTC. */
  until?: string | undefined
}

/** What one role may do on the platform. */
export interface AccessAnswer {
  role: string
  right: AccessRight
  allowed: boolean
  evidence?: string | undefined
  reviewer?: string | undefined
  timeMs: number
}

/** What a role may do, from reading raw text to giving rights to others. */
export const accessRights = ['raw-prompts', 'anonymised', 'aggregates', 'export', 'delete', 'settings'] as const
export type AccessRight = (typeof accessRights)[number]

/** What is known of the security review of one platform, each list in order of time. */
export interface SecurityRecord {
  questions: readonly SecurityQuestion[]
  answers: readonly SecurityAnswer[]
  access: readonly AccessAnswer[]
}

/** One question with the answer that counts; open where anything is missing, with what. */
export interface WorksheetRow extends SecurityQuestion {
  state: 'answered' | 'open'
  /** Why it is open. */
  why: string | undefined
  answer: SecurityAnswer | undefined
  /** Answers that a later one took the place of, oldest first. */
  earlier: SecurityAnswer[]
}

/** One cell of the roles and their rights. */
export interface AccessRow extends AccessAnswer {
  why: string | undefined
  earlier: AccessAnswer[]
}

export interface Worksheet {
  rows: WorksheetRow[]
  access: AccessRow[]
  open: number
  /** Whether anything was answered at all. */
  begun: boolean
  /** Ids that answers name and no question has. */
  unknown: string[]
}

const question = 'raw-prompts'
const dayMs = 86_400_000

/** The worksheet as it stands at a moment: the last answer to a question counts, until the end of the day that it is valid to. */
export function worksheetOf({ questions, answers, access }: SecurityRecord, nowMs: number): Worksheet {
  const cells = accessRows(access)
  const rows = questions.map((each): WorksheetRow => {
    const own = answers.filter((answer) => answer.question === each.id)
    const told = own.at(-1) ?? (each.id === question ? answerOf(cells) : undefined)
    const why = whyOpen(told, nowMs)
    return { ...each, state: why === undefined ? 'answered' : 'open', why, answer: told, earlier: own.slice(0, -1) }
  })
  const known = new Set(questions.map(({ id }) => id))
  return {
    rows,
    access: cells,
    open: rows.filter(({ state }) => state === 'open').length,
    begun: answers.some((answer) => known.has(answer.question)) || cells.length > 0,
    unknown: [...new Set(answers.map((answer) => answer.question))].filter((id) => !known.has(id)),
  }
}

function whyOpen(told: SecurityAnswer | undefined, nowMs: number): string | undefined {
  if (told === undefined) return 'no answer'
  if (told.until !== undefined && nowMs >= Date.parse(told.until) + dayMs) return `was valid until ${told.until}`
  return whyUnproven(told)
}

function whyUnproven({ evidence, reviewer }: { evidence?: string | undefined; reviewer?: string | undefined }) {
  if (evidence === undefined && reviewer === undefined) return 'no evidence, and nobody accepted it'
  if (evidence === undefined) return 'no evidence'
  return reviewer === undefined ? 'nobody accepted it' : undefined
}

/** Each role and right once, by the last answer; rights in their order, roles as they came. */
function accessRows(access: readonly AccessAnswer[]): AccessRow[] {
  const cells = new Map<string, AccessAnswer[]>()
  for (const each of access) {
    const key = JSON.stringify([each.role.toLowerCase(), each.right])
    cells.set(key, [...(cells.get(key) ?? []), each])
  }
  return [...cells.values()].map((told) => {
    const last = told.at(-1)! // a cell is made with its first answer
    return { ...last, why: whyUnproven(last), earlier: told.slice(0, -1) }
  })
}

/** Who may see raw prompts, as the roles and their rights say it: one role without evidence leaves the question open. */
function answerOf(cells: readonly AccessRow[]): SecurityAnswer | undefined {
  const rows = cells.filter(({ right }) => right === question)
  const last = rows.at(-1)
  if (last === undefined) return undefined
  const all = (pick: (row: AccessRow) => string | undefined) => {
    const values = rows.map(pick)
    return values.includes(undefined) ? undefined : [...new Set(values)].join(', ')
  }
  return {
    question,
    answer: rows.map(({ role, allowed }) => `${role}: ${allowed ? 'yes' : 'no'}`).join(', '),
    evidence: all(({ evidence }) => evidence),
    reviewer: all(({ reviewer }) => reviewer),
    timeMs: Math.max(...rows.map(({ timeMs }) => timeMs)),
  }
}
