import type { RunTally } from '../core/evidence.js'
import { formatCount } from './number.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'
import { shareText } from './share-text.js'

/** Required fields by kind, prompt versions, trace states and metadata keys of the selected runs. */
export function formatCapture(tally: RunTally, options: TerminalOptions): string {
  const sections = [captureSection(tally), promptSection(tally), stateSection(tally), metadataSection(tally)]
  return sections.flatMap((section) => [...formatSection(section, options), '']).join('\n')
}

function captureSection({ capture }: RunTally): Section {
  const rows = capture.map(({ kind, field, share }) => [kind, field, formatCount(share.x), shareText(share)])
  const lines = rows.length === 0 ? ['capture.required names no field'] : []
  return {
    title: 'Required fields',
    table: { head: ['kind', 'field', 'present', 'share'], align: 'llrr', rows },
    lines,
  }
}

function promptSection({ promptMapped, unmapped }: RunTally): Section {
  const names = unmapped.map(
    ({ name, spans, examples }) =>
      `without: ${formatCount(spans)} in ${name}${examples.length === 0 ? '' : `, for example ${examples.join(', ')}`}`,
  )
  return { title: 'Outputs with prompt name and version', lines: [shareText(promptMapped), ...names] }
}

function stateSection({ states }: RunTally): Section {
  const rows = Object.entries(states).map(([state, runs]) => [state, formatCount(runs)])
  return { title: 'Traces by state', table: { head: ['state', 'runs'], align: 'lr', rows } }
}

function metadataSection({ metadata }: RunTally): Section {
  const rows = metadata.map(({ key, present, distinct, spellings, conflicting, tooManyValues }) => [
    key,
    shareText(present),
    formatCount(distinct),
    spellings.map((set) => set.join(' = ')).join('; '),
    formatCount(conflicting),
    tooManyValues ? 'yes' : '',
  ])
  const head = ['key', 'runs that carry it', 'values', 'spelled differently', 'contradicting', 'too many']
  return { title: 'Metadata keys', table: { head, align: 'lrrlrl', rows } }
}
