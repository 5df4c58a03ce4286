import type { Proposal } from '../core/propose.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'

/** What `pilot init --from` proposes, by the key of pilot.yaml that holds it, with how many traces speak for it. */
export function formatProposal(from: string, proposal: Proposal, options: TerminalOptions): string {
  const { traces, matched, match, keys, map } = proposal
  const of = (part: number, all: number) => `${part} of ${all} traces`
  const rows = [
    ...Object.entries(match).map(([field, value]) => [`workflow.match.${field}`, value, of(matched, traces)]),
    ...keys.flatMap(({ field, paths, byConvention }) => {
      const found = paths.map((path) => [`capture.keys.${field}`, path.path, of(path.traces, matched)])
      if (found.length > 0) return found
      const text = byConvention > 0 ? '(found without it)' : '(not seen)'
      return [[`capture.keys.${field}`, text, of(byConvention, matched)]]
    }),
    ...map.map(({ step, kind, under, traces }) => [
      'workflow.map',
      `${step} (${kind}, under ${under})`,
      of(traces, matched),
    ]),
  ]
  const table = { head: ['pilot.yaml', 'proposed', 'evidence'], align: 'llr', rows }
  return formatSection({ title: `Proposed from ${from}`, table }, options).join('\n')
}
