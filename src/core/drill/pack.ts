import type { Feedback } from '../span.js'
import type { Drill, Incident, Signal } from './drill.js'
import type { Question } from './questions.js'

/** A drill as engineers get it: what was complained of and what is asked, without answers, key or traces. */
export interface DrillPack {
  pilot: 'drill-pack'
  version: 1
  drill: string
  arms: string[]
  baseline?: string
  seed: number
  timeboxMs: number
  engineers: string[]
  questions: Question[]
  incidents: { id: string; complaint: string[] }[]
}

/** The pack of a drill. `feedbackOf` gives what users said of an incident. */
export function packOf(drill: Drill, feedbackOf: (incident: Incident) => readonly Feedback[]): DrillPack {
  const { id, arms, baseline, seed, timeboxMs, engineers, questions, incidents } = drill
  return {
    pilot: 'drill-pack',
    version: 1,
    drill: id,
    arms,
    ...(baseline !== undefined && { baseline }),
    seed,
    timeboxMs,
    engineers,
    // Which field answers a question is part of the key.
    questions: questions.map(({ field: _, ...question }) => question),
    incidents: incidents.map((incident) => ({
      id: incident.id,
      complaint: complaintOf(incident, feedbackOf(incident)),
    })),
  }
}

/** What a user notices of each; nothing that the tool under pilot has to show. */
const noticed: Readonly<Record<Signal, string>> = {
  error: 'The answer did not come as it should.',
  escalation: 'The user asked for a person.',
  'thumbs down': 'The user was not content with the answer.',
  'failed eval': 'The answer was not good enough.',
  fallback: 'The answer did not come as it should.',
  retry: 'The answer did not come as it should.',
  slow: 'The answer took too long.',
  dear: 'The request stood out on the bill.',
}

/** What the privacy rules left of a user nobody can complain under. */
const isDisguised = (user: string) => /^(?:hash:|\[redacted)/.test(user)

/** A complaint in lines: who, when, what was said. Where neither customer nor user is known, the request's id stands for them. */
function complaintOf(
  { timeMs, tenant, user, requestId, signals, complaint }: Incident,
  feedback: readonly Feedback[],
): string[] {
  const who = [
    ...(tenant === undefined ? [] : [`customer ${tenant}`]),
    ...(user === undefined || isDisguised(user) ? [] : [`user ${user}`]),
  ]
  const reference = who.length > 0 ? who : requestId === undefined ? [] : [`request ${requestId}`]
  const when = timeMs === undefined ? [] : [`${new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`]
  const comments = feedback.flatMap(({ comment }) => (comment === undefined ? [] : [`“${comment}”`]))
  const said = complaint === undefined ? comments : [`“${complaint}”`, ...comments]
  const [signal] = signals
  const seen = said.length > 0 ? said : [signal === undefined ? 'Somebody asked what happened here.' : noticed[signal]]
  return [[...when, ...reference].join(', '), ...seen].filter((line) => line !== '')
}
