import type { Declared, PilotFacts } from './pilot-facts.js'

/** One line of `pilot check`. */
export interface CheckLine {
  /** `error`: the pilot's verdict cannot be trusted as it stands. `warning`: it will be hard to defend. */
  severity: 'error' | 'warning' | 'ok'
  id: string
  message: string
  next?: string
}

/** Undefined where there is nothing to look at. */
type Look = (declared: Declared, facts: PilotFacts) => Omit<CheckLine, 'id'> | undefined

const ok = (message: string): Omit<CheckLine, 'id'> => ({ severity: 'ok', message })
const warning = (message: string, next?: string): Omit<CheckLine, 'id'> => ({
  severity: 'warning',
  message,
  ...(next && { next }),
})
const error = (message: string, next?: string): Omit<CheckLine, 'id'> => ({
  severity: 'error',
  message,
  ...(next && { next }),
})

/** What the config alone shows. */
const inConfig: Readonly<Record<string, Look>> = {
  'criteria-locked': (_, { lock }) => {
    if (lock === 'unlocked') return warning('The criteria are not locked; the first ingest will do it.', 'pilot lock')
    if (lock === 'amended without reason')
      return warning('Criteria changed after the lock without a reason.', 'pilot lock --amend "reason"')
    return ok(lock === 'locked' ? 'The criteria are locked.' : 'Criteria changed after the lock, with a reason.')
  },
  'dashboards-decide': ({ criteria }) => {
    const musts = criteria.filter(({ must }) => must).map(({ id }) => id)
    if (musts.some((id) => evidenceOfUse.has(id)))
      return ok('A must asks for evidence from real work, not for a dashboard.')
    return warning(`No must asks what the tool is for. Make one of these a must: ${[...evidenceOfUse].join(', ')}.`)
  },
  'workflow-documented': ({ workflow }) => {
    const { entry, destination, existing_logs, map } = workflow
    const keys = {
      entry,
      destination,
      existing_logs: existing_logs?.length || undefined,
      map: map?.length || undefined,
    }
    const absent = Object.entries(keys).flatMap(([key, value]) => (value === undefined ? [`workflow.${key}`] : []))
    if (absent.length === 0) return ok('Entry, destination, existing logs and map of the workflow are written down.')
    return warning(`The workflow is not written down: ${absent.join(', ')} missing.`)
  },
  'questions-captured': ({ questions = [], capture }) => {
    const captured = new Set(Object.values(capture.required).flat())
    const absent = new Set(questions.flatMap(({ fields }) => fields).filter((field) => !captured.has(field)))
    if (absent.size === 0) return ok('Every question of the team has its fields in capture.required.')
    return warning(`Questions need fields that capture.required does not ask for: ${[...absent].join(', ')}.`)
  },
  'privacy-declared': ({ capture }) => {
    if (capture.privacy?.length) return ok('Privacy rules are declared.')
    return warning(
      'capture.privacy is missing: privacy is left to the rollout. Decide per field before production data flows.',
    )
  },
  'security-questions': (_, { securityReview: { questions, open } }) => {
    if (open === 0) return ok('Every security question has its answer.')
    return warning(`Security questions that are open: ${open} of ${questions}.`, 'pilot log security')
  },
}

/** What shows once something was ingested. */
const inData: Readonly<Record<string, Look>> = {
  'security-signed-off': ({ security: { sign_off } }, { firstProductionMs }) => {
    if (firstProductionMs === undefined) return ok('No data is known to be of production yet.')
    const first = new Date(firstProductionMs).toISOString().slice(0, 10)
    if (sign_off === undefined) return error(`Production data since ${first} without a sign-off in security.sign_off.`)
    if (sign_off.date > first)
      return error(`Security signed off on ${sign_off.date}, after the first production data of ${first}.`)
    return ok(`Security signed off on ${sign_off.date}, before the first production data.`)
  },
  'privacy-first': (_, { sourcesUnderOtherRules }) => {
    if (sourcesUnderOtherRules === 0) return ok('All data came in under the privacy rules of today.')
    return error(
      `Privacy rules changed after data: sources under other rules: ${sourcesUnderOtherRules}.`,
      'pilot ingest <the same files>',
    )
  },
  'real-requests': (_, { requests }) => {
    if (requests === undefined)
      return warning('Without a request log nobody knows what is real, or missing.', requestLog)
    const { production, replay, synthetic } = requests
    if (production > 0) return ok(`Production requests: ${production}.`)
    return error(`Only made-up requests: ${replay} replayed, ${synthetic} synthetic, none from production.`, requestLog)
  },
  'volume-reached': ({ workflow: { volume } }, { requests }) => {
    const production = requests?.production ?? 0
    if (production >= volume.min) return ok(`Production requests reach the ${volume.min} wanted.`)
    return warning(`Production requests: ${production} of the ${volume.min} wanted.`, requestLog)
  },
  'evals-present': (_, { scores }) => {
    if (scores > 0) return ok('Runs carry eval scores.')
    return warning(
      'No eval scores: nothing says whether outputs are good. Send 30 to 100 scored examples through the platform.',
      exports,
    )
  },
  'completed-names': ({ workflow: { completed } }, { unseenNames }) => {
    if (completed === undefined) return undefined
    if (unseenNames.length === 0) return ok('workflow.completed names steps and scores that runs have.')
    const names = unseenNames.map(
      ({ key, name, near }) => `${key} ${name}${near === undefined ? '' : ` (not ${near}?)`}`,
    )
    return warning(`workflow.completed names what no run has: ${names.join(', ')}.`, 'pilot map')
  },
  'metadata-structured': (_, { looseKeys }) => {
    if (looseKeys.length === 0) return ok('Metadata keys are consistent.')
    return warning(`Metadata keys that nothing can be grouped by: ${looseKeys.join(', ')}.`, 'pilot capture')
  },
  'one-workflow': (_, { workflows }) => {
    if (workflows.length <= 1) return ok('One workflow is under pilot.')
    return warning(`Several workflows at once: ${workflows.length}. Narrow workflow.match to one.`, 'pilot data')
  },
}

/** Criteria that only real use of the tool can meet. */
const evidenceOfUse: ReadonlySet<string> = new Set([
  'debug-time',
  'trace-coverage',
  'prompt-version-mapped',
  'evals-connected',
  'feedback-joined',
  'retries-visible',
])

const exports = 'pilot ingest <export>'
const requestLog = 'pilot ingest <requests> --as requests'

/** The mistakes that pilots make, each with what is wrong, or that it was avoided. Data mistakes are looked for once there is data. */
export function checkPilot(declared: Declared, facts: PilotFacts): CheckLine[] {
  const config = linesOf(inConfig, declared, facts)
  if (facts.spans > 0 || facts.requests !== undefined) return [...config, ...linesOf(inData, declared, facts)]
  return [
    ...config,
    {
      severity: 'warning',
      id: 'data-present',
      message: 'Nothing was ingested yet, so mistakes in the data do not show.',
      next: exports,
    },
  ]
}

function linesOf(looks: Readonly<Record<string, Look>>, declared: Declared, facts: PilotFacts): CheckLine[] {
  return Object.entries(looks).flatMap(([id, look]) => {
    const found = look(declared, facts)
    return found === undefined ? [] : [{ id, ...found }]
  })
}
