import type { AnswerKey } from '../core/drill/answer-key.js'
import type { Drill, Incident } from '../core/drill/drill.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'

/** The right answers of each incident, and what is not known; for the lead alone. */
export function formatDrillKey(
  {
    drill,
    incidents,
  }: { drill: Drill; incidents: readonly { incident: Incident; key: AnswerKey; missing: readonly string[] }[] },
  options: TerminalOptions,
): string {
  const sections = incidents.map(({ incident, key, missing }) => {
    const rows = drill.questions.map(({ id, required }) => {
      const entry = key.get(id)
      const from =
        entry?.from ?? (missing.includes(id) ? 'a person has to confirm it' : 'not in the traces, so not required')
      return [id, required ? 'required' : '', entry?.right.join(', ') ?? 'not known', from]
    })
    return formatSection(
      {
        title: `${incident.id} ${incident.requestId ?? incident.traces[0]?.traceId ?? ''} (${incident.signals.join(', ') || 'named by a person'})`,
        table: { head: ['question', '', 'right answer', 'from'], align: 'llll', rows },
      },
      options,
    ).join('\n')
  })
  const waiting = incidents.filter(({ missing }) => missing.length > 0).length
  return [
    `Key of drill ${drill.id}. Not for those who take part.`,
    '',
    sections.join('\n\n'),
    '',
    `To be confirmed: ${waiting} of ${incidents.length} incidents.`,
  ].join('\n')
}
