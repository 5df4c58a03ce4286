import type { LoadedConfig } from '../../config/load.js'
import { isAlias } from '../../core/alias.js'
import type { ProductionQuestion } from '../../core/ask/question.js'
import { type Said, type SaidValue, saidItem, saidValues } from '../../core/ask/standing.js'
import { PilotError } from '../../core/errors.js'
import { createPolicy } from '../../core/privacy/policy.js'
import { loadHash } from '../../io/salt.js'
import { labelWriter, readLabels } from '../../store/labels.js'
import type { Store } from '../../store/open.js'
import { recordByHand } from '../../store/sources.js'
import { workspaceOf } from '../workspace.js'

/** What people have recorded of a question on a platform. */
export function saidReader(db: Store | undefined, platform: string): (question: string) => Said[] {
  const labels = db === undefined ? [] : readLabels(db, nameOf(platform))
  return (question) =>
    labels.flatMap(({ item, value, by, timeMs, note }) => {
      const known = saidValues.find((each) => each === value)
      if (item !== saidItem(question) || known === undefined) return []
      return [{ value: known, by: by ?? 'somebody', timeMs, evidence: note }]
    })
}

/** The name of such a label. */
const nameOf = (platform: string) => `answerable@${platform}`

/** What a person says of a question, as it was typed. */
export interface TypedAnswer {
  question: ProductionQuestion
  platform: string
  value: string
  by: string | undefined
  evidence: string | undefined
}

/** Stores whether a question can be answered, as a person says; the same person's earlier word is replaced. Throws `PilotError`. */
export async function recordAnswer(loaded: LoadedConfig, typed: TypedAnswer, nowMs: number): Promise<Said> {
  const { value, by, evidence } = checked(typed)
  const workspace = workspaceOf(loaded)
  const policy = await createPolicy(loaded.config.capture.privacy ?? [], loadHash(workspace.saltPath))
  const item = saidItem(typed.question.id)
  const label = policy.applyLabel({ item, name: nameOf(typed.platform), value, by, timeMs: nowMs, note: evidence })
  const db = workspace.open('write')
  try {
    const source = { kind: 'labels', path: 'pilot ask', policy: workspace.policyHash, nowMs, records: 1 } as const
    recordByHand(db, source, (id) => labelWriter(db, id).write(label))
  } finally {
    db.close()
  }
  return { value, by: label.by ?? by, timeMs: nowMs, evidence: label.note }
}

function checked({ value, by, evidence }: TypedAnswer): { value: SaidValue; by: string; evidence: string } {
  const known = saidValues.find((each) => each === value)
  if (known === undefined)
    throw new PilotError(`--record: there is no answer ${value}.`, { hint: `One of ${saidValues.join(', ')}.` })
  if (by === undefined) throw new PilotError('--by is missing.', { hint: 'Who says so, by an alias such as e1.' })
  if (!isAlias(by))
    throw new PilotError('--by: expected an alias such as e1, never a name or an address.', {
      hint: 'Letters, digits and ._:- alone.',
    })
  if (evidence === undefined || evidence.trim() === '')
    throw new PilotError('--evidence is missing.', {
      hint: 'Where it can be seen, in a few words: --evidence "the request log has no prompt version".',
    })
  return { value: known, by, evidence }
}
