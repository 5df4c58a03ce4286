import type { Criterion } from '../core/criterion.js'
import type { Measurement } from '../core/measurement.js'
import { type ExportProbe, strayTraces } from '../core/probes/export.js'
import { wilson } from '../core/stats/proportion.js'
import { exampleLine } from './examples.js'
import { plain } from './plain.js'

/** Share of the fields of spans that were sent which an export still holds; those of lost spans and traces are lost. */
export const exportFidelity: Criterion = {
  id: 'export-fidelity',
  title: 'Fields kept in an export',
  line: 'production safety',
  unit: 'share',
  defaultTarget: { comparison: '>=', value: 0.95 },
  mustByDefault: false,
  query: 'pilot probe export',
  measure: ({ probes }) => measureFidelity(probes.export?.result),
}

const next = 'pilot probe export <export> --against <platform>'

function measureFidelity(probe: ExportProbe | undefined): Measurement {
  if (probe === undefined) return { measured: false, reason: 'No export was held against what was sent.', next }
  const { sent } = probe
  if (sent.isSameFile)
    return { measured: false, reason: 'The export was compared with itself: the store has no other source.', next }
  if (sent.traces.x === 0 || sent.kept.n === 0)
    return { measured: false, reason: `No trace of ${sent.platform} was found in the export.`, next }
  const value = sent.kept.x / sent.kept.n
  const stray = strayTraces(probe)?.reduce((sum, { traces }) => sum + traces, 0) ?? 0
  const n = sent.traces.n
  return {
    measured: true,
    value,
    unit: 'share',
    n,
    interval: wilson(value * n, n),
    note: [
      `${sent.traces.x} of ${n} traces and ${sent.spans.x} of ${sent.spans.n} spans came out`,
      ...(stray > 0 ? [`${stray} traces of other environments`] : []),
    ].join('; '),
    evidence: [
      `${sent.kept.x} of ${sent.kept.n} fields on spans that ${sent.platform} has; n is the ${n} traces, which lose fields together; 95 % Wilson score interval`,
      ...sent.fields
        .filter(({ share: { x, n: of } }) => x < of)
        .map(({ field, share: { x, n: of } }) => `${field}: on ${x} of ${of} spans (${plain((x / of) * 100)} %)`),
      ...sent.changed
        .filter(({ share }) => share.x > 0)
        .flatMap(({ field, share, examples }) => [
          `${field}: another value on ${share.x} of ${share.n} spans`,
          ...exampleLine(field, examples),
        ]),
      `judgements that came out: scores ${sent.scores.x} of ${sent.scores.n}, feedback ${sent.feedback.x} of ${sent.feedback.n}`,
    ],
  }
}
