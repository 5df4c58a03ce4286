import type { LoadedConfig } from '../../config/load.js'
import { isAlias } from '../../core/alias.js'
import { type AnswerKey, itemOf, needsPerson } from '../../core/drill/answer-key.js'
import type { Drill, Incident } from '../../core/drill/drill.js'
import { parseAnswer } from '../../core/drill/typed-answer.js'
import { PilotError } from '../../core/errors.js'
import { createPolicy } from '../../core/privacy/policy.js'
import { loadHash } from '../../io/salt.js'
import { labelWriter } from '../../store/labels.js'
import { recordByHand } from '../../store/sources.js'
import { workspaceOf } from '../workspace.js'
import { keyReader } from './keys.js'
import { findDrill } from './open-pack.js'

/** The key of a drill: of each incident what is right, and what only a person can confirm. */
export interface DrillKey {
  drill: Drill
  incidents: { incident: Incident; key: AnswerKey; missing: string[] }[]
}

/** The key of a drill as it stands now. */
export function readDrillKey({ config, ...loaded }: LoadedConfig, drillId: string | undefined): DrillKey {
  const db = workspaceOf({ config, ...loaded }).open('read')
  const drill = findDrill(db, drillId)
  const keyOf = keyReader(db, config)
  const personal = drill.questions.filter((question) => question.required && needsPerson(question))
  return {
    drill,
    incidents: drill.incidents.map((incident) => {
      const key = keyOf(drill, incident)
      return { incident, key, missing: personal.flatMap(({ id }) => (key.has(id) ? [] : [id])) }
    }),
  }
}

export interface Confirmation {
  drill: string | undefined
  incident: string
  /** Question → the right answer, as typed. */
  answers: Readonly<Record<string, string>>
  by: string
  note: string | undefined
}

/** Stores what a person confirms of an incident. Throws `PilotError` (exit 2) for what does not fit the drill. */
export async function confirmAnswers(
  loaded: LoadedConfig,
  { drill: drillId, incident: id, answers, by, note }: Confirmation,
  nowMs: number,
): Promise<void> {
  if (!isAlias(by))
    throw new PilotError(`--by: ${JSON.stringify(by)} is no alias.`, {
      hint: 'One word such as lead; never a name or an address.',
    })
  const workspace = workspaceOf(loaded)
  const policy = await createPolicy(loaded.config.capture.privacy ?? [], loadHash(workspace.saltPath))
  const db = workspace.open('write')
  try {
    const drill = findDrill(db, drillId)
    const incident = drill.incidents.find((one) => one.id === id)
    if (incident === undefined)
      throw new PilotError(`Drill ${drill.id} has no incident ${id}.`, {
        hint: `It has ${drill.incidents.map((one) => one.id).join(', ')}.`,
      })
    const labels = Object.entries(answers).map(([name, typed]) => {
      const question = drill.questions.find((one) => one.id === name)
      if (question === undefined)
        throw new PilotError(`No question is called ${name}.`, {
          hint: `There is ${drill.questions.map((one) => one.id).join(', ')}.`,
        })
      const answer = parseAnswer(question, typed)
      if (typeof answer === 'string') throw new PilotError(`${name}: ${answer}`)
      return {
        item: itemOf(incident),
        name,
        value: answer.join(', '),
        by,
        timeMs: nowMs,
        ...(note !== undefined && { note }),
      }
    })
    recordByHand(
      db,
      { kind: 'labels', path: 'pilot drill key', policy: workspace.policyHash, nowMs, records: labels.length },
      (source) => {
        const writer = labelWriter(db, source)
        for (const label of labels) writer.write(policy.applyLabel(label))
      },
    )
  } finally {
    db.close()
  }
}
