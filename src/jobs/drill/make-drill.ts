import type { LoadedConfig } from '../../config/load.js'
import type { Config } from '../../config/schema.js'
import { isAlias } from '../../core/alias.js'
import type { Drill, Incident } from '../../core/drill/drill.js'
import { type Problem, pickProblems } from '../../core/drill/problems.js'
import { type Question, questions } from '../../core/drill/questions.js'
import { PilotError } from '../../core/errors.js'
import { createPolicy } from '../../core/privacy/policy.js'
import { seededRandom } from '../../core/seeded-random.js'
import { loadHash } from '../../io/salt.js'
import { readDrills, saveDrill } from '../../store/drills.js'
import type { Store } from '../../store/open.js'
import { platformsOf } from '../platforms.js'
import type { RunOrigin } from '../workflow-runs.js'
import { workspaceOf } from '../workspace.js'
import { findComplaint } from './find-complaint.js'
import { type FoundRuns, findRuns } from './find-problems.js'

export interface DrillRequest {
  /** Request or trace ids, or their beginnings; empty: by the rule. */
  ids: readonly string[]
  /** What somebody complained of. With one id it is about that; else the run is looked for by its words. */
  complaints: readonly string[]
  count: number | undefined
  seed: number
  include: readonly RunOrigin[]
  engineers: readonly string[]
}

export interface MadeDrill {
  drill: Drill
  refused: FoundRuns['refused']
  hasRequestLog: boolean
  /** Runs that the rule could have taken. */
  problems: number
}

/** Makes a drill and stores it. Throws `PilotError` (exit 2) where there is nothing to drill on. */
export async function makeDrill(loaded: LoadedConfig, request: DrillRequest, nowMs: number): Promise<MadeDrill> {
  const { config } = loaded
  for (const alias of request.engineers)
    if (!isAlias(alias))
      throw new PilotError(`--engineers: ${JSON.stringify(alias)} is no alias.`, {
        hint: 'One word each, such as e1,e2,e3; never a name or an address.',
      })
  const db = workspaceOf(loaded).open('write')
  try {
    const earlier = readDrills(db)
    const found = findRuns(db, config, request.include)
    const met = new Set(earlier.flatMap(({ incidents }) => incidents.map(keyOf)))
    const problems = found.runs.filter((run) => run.signals.length > 0 && !met.has(keyOf(run)))
    const incidents =
      request.ids.length + request.complaints.length > 0
        ? await named(db, loaded, request, found)
        : picked(problems, request, config)
    if (incidents.length === 0) throw nothingToDrill(found, earlier.length)
    const drill: Drill = {
      id: drillId(nowMs, earlier),
      madeMs: nowMs,
      rule: ruleOf(request),
      seed: request.seed,
      timeboxMs: config.drills.timebox,
      arms: platformsOf(config).map(({ platform }) => platform),
      ...(config.pilot.baseline !== undefined && { baseline: config.pilot.baseline }),
      questions: questionsOf(config),
      engineers: [...request.engineers],
      incidents: incidents.map((incident, index) => ({ ...incident, id: `i${index + 1}` })),
    }
    saveDrill(db, drill)
    return { drill, refused: found.refused, hasRequestLog: found.hasRequestLog, problems: problems.length }
  } finally {
    db.close()
  }
}

/** What is asked: the seven, and the team's own before the last of them, the cause. */
export function questionsOf({ drills }: Config): Question[] {
  const own = drills.questions.map(({ id, question: text, choices, many, required, field }): Question => {
    const form = choices === undefined ? 'text' : many ? 'many' : 'one'
    return { id, text, form, required, ...(choices && { choices }), ...(field && { field }) }
  })
  const seven = questions.map((question) => ({ ...question, required: drills.required.includes(question.id) }))
  return [...seven.slice(0, -1), ...own, ...seven.slice(-1)]
}

const keyOf = ({ requestId, traces }: Pick<Incident, 'requestId' | 'traces'>) => requestId ?? traces[0]?.traceId ?? ''

function picked(
  problems: readonly Problem[],
  { count, seed }: DrillRequest,
  { drills }: Config,
): Omit<Incident, 'id'>[] {
  return pickProblems(problems, count ?? drills.incidents.max, seededRandom(seed)).map(incidentOf)
}

function incidentOf({ requestId, timeMs, tenant, user, signals, traces }: Problem): Omit<Incident, 'id'> {
  return {
    signals,
    traces,
    ...(requestId !== undefined && { requestId }),
    ...(timeMs !== undefined && { timeMs }),
    ...(tenant !== undefined && { tenant }),
    ...(user !== undefined && { user }),
  }
}

async function named(
  db: Store,
  loaded: LoadedConfig,
  { ids, complaints }: DrillRequest,
  { runs, refused }: FoundRuns,
): Promise<Omit<Incident, 'id'>[]> {
  const policy = await createPolicy(loaded.config.capture.privacy ?? [], loadHash(workspaceOf(loaded).saltPath))
  const byId = ids.map((id) => incidentOf(runOf(id, runs, refused)))
  const [first] = byId
  if (first !== undefined && byId.length === 1 && complaints.length === 1)
    return [{ ...first, complaint: policy.applyText(complaints[0]!) }]
  const byText = complaints.map((complaint) => ({
    ...incidentOf(findComplaint(db, complaint, runs)),
    complaint: policy.applyText(complaint),
  }))
  return [...byId, ...byText]
}

function runOf(id: string, runs: readonly Problem[], refused: FoundRuns['refused']): Problem {
  const namesOf = ({ requestId, traces }: Problem) =>
    [requestId, ...traces.map(({ traceId }) => traceId)].filter((name) => name !== undefined)
  const exact = runs.filter((run) => namesOf(run).includes(id))
  const [only, other] =
    exact.length > 0 ? exact : runs.filter((run) => namesOf(run).some((name) => name.startsWith(id)))
  if (only !== undefined && other === undefined) return only
  if (other !== undefined)
    throw new PilotError(`--id: several runs begin with ${id}.`, { hint: 'Type more of the id.' })
  const others = Object.entries(refused)
    .map(([origin, count]) => `${count} ${origin}`)
    .join(', ')
  throw new PilotError(`--id: no production run of the workflow in the window is ${id}.`, {
    hint: others === '' ? 'pilot traces lists what is stored.' : `Left out: ${others}; --include takes them in.`,
  })
}

function ruleOf({ ids, complaints, count, seed, include }: DrillRequest): string {
  if (ids.length + complaints.length > 0) return 'named by a person'
  const which = ['production', ...include].join(', ')
  return `${which} runs of the workflow in the window with a signal, new to drills; one signal after the other in turn, in each the tenant taken least often; seed ${seed}${count === undefined ? '' : `, at most ${count}`}`
}

function drillId(nowMs: number, earlier: readonly Drill[]): string {
  const day = new Date(nowMs).toISOString().slice(0, 10)
  const taken = new Set(earlier.map(({ id }) => id))
  if (!taken.has(day)) return day
  let next = 2
  while (taken.has(`${day}-${next}`)) next += 1
  return `${day}-${next}`
}

function nothingToDrill({ runs, refused }: FoundRuns, drills: number): PilotError {
  const others = Object.entries(refused)
    .map(([origin, count]) => `${count} ${origin}`)
    .join(', ')
  const hint =
    others === ''
      ? 'pilot drill new --id ID takes any run.'
      : `Left out: ${others}. --include replay,synthetic takes them in, --id ID any run.`
  if (runs.length === 0)
    return new PilotError('No production run of the workflow is in the window.', {
      hint: others === '' ? 'pilot ingest <export>' : hint,
    })
  return new PilotError(
    `None of ${runs.length} runs has an error, a complaint, a failed eval, a retry or an outlier that ${drills > 0 ? 'no earlier drill had' : 'shows'}.`,
    { hint },
  )
}
