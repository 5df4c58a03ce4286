import type { Certificate } from '../core/eval/certificate.js'
import type { Correction } from '../core/eval/corrected-rate.js'
import type { JudgeFigures, ShareOf } from '../core/eval/validate-judge.js'
import type { Agreement } from '../core/stats/agreement.js'
import { formatBounds, formatCount, formatPercent, formatShare } from './number.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'
import { visible } from './text.js'

/** How a judge agrees with people, and whether it may hold a release, for a terminal. */
export function formatJudge(
  figures: JudgeFigures,
  { reasons, corrected }: { reasons: readonly string[]; corrected: Correction | undefined },
  options: TerminalOptions,
): string {
  const sections = [agreementSection(figures), steadinessSection(figures, corrected), certificateSection(reasons)]
  return sections
    .filter(({ table, lines }) => (table?.rows.length ?? 0) + (lines?.length ?? 0) > 0)
    .map((section) => formatSection(section, options).join('\n'))
    .join('\n\n')
}

function agreementSection(figures: JudgeFigures): Section {
  const { items, unparseable, labels, positive, accuracy, accuracyBy, agreement, tpr, tnr, majority, humanHuman } =
    figures
  const policies = [
    accuracyBy.dropped !== undefined && `left out ${formatPercent(accuracyBy.dropped)}`,
    accuracyBy.tie !== undefined && `as ties ${formatPercent(accuracyBy.tie)}`,
    `as wrong ${formatPercent(accuracyBy.wrong)}`,
  ].filter((policy) => policy !== false)
  return {
    title: 'The judge against people',
    table: {
      head: ['measure', 'value'],
      align: 'll',
      rows: [
        ['labelled items', `${formatCount(items)}; labels ${labels.map((label) => visible(label)).join(', ')}`],
        ['agreement', share(accuracy)],
        ['commonest label alone', share(majority)],
        [`TPR (people say ${visible(positive)})`, share(tpr)],
        ['TNR (people say another)', share(tnr)],
        ['kappa', coefficient(agreement?.kappa, agreement?.kappaCi)],
        ['AC1', coefficient(agreement?.ac1, agreement?.ac1Ci)],
        ...humanRows(humanHuman),
      ],
    },
    lines:
      unparseable === 0
        ? []
        : [
            `${formatCount(unparseable)} of ${formatCount(items)} verdicts could not be read; the figures above leave them out. Agreement with them ${policies.join(', ')}.`,
          ],
  }
}

function humanRows(agreement: Agreement | undefined): string[][] {
  if (agreement === undefined) return [['people among themselves', 'not measured: nobody labelled twice']]
  return [
    ['people among themselves', formatShare(agreement.observed, agreement.n)],
    ['kappa among people', coefficient(agreement.kappa, agreement.kappaCi)],
  ]
}

function steadinessSection(
  { positive, swap, selfConsistency, length, slices }: JudgeFigures,
  corrected: Correction | undefined,
): Section {
  const lines = [
    swap.consistency === undefined
      ? 'position: not measured; judge pairs in both orders (judge_swapped)'
      : `position: the same verdict in both orders on ${formatPercent(swap.consistency)} of ${formatCount(swap.pairs)} pairs${swap.firstShownShare === undefined ? '' : `; ${formatPercent(swap.firstShownShare)} of its choices are what was shown first`}`,
    selfConsistency === undefined
      ? 'asked again: not measured; let it judge the same items twice'
      : `asked again: the same answer on ${share(selfConsistency)}`,
    length === undefined
      ? 'length: not measured; no lengths of outputs'
      : `length: against people it says ${visible(positive)} for ${points(length.longer.excess)} of the ${formatCount(length.longer.n)} longer outputs, ${points(length.shorter.excess)} of the ${formatCount(length.shorter.n)} shorter ones (half are up to ${formatCount(length.medianLength)} characters)`,
    ...slices.map(
      ({ slice, accuracy, kappa }) => `${visible(slice)}: agreement ${share(accuracy)}, kappa ${coefficient(kappa)}`,
    ),
    ...(corrected === undefined
      ? []
      : [
          `outputs that nobody labelled: the judge says ${formatPercent(corrected.raw)} of ${formatCount(corrected.n)}; corrected for its errors ${formatPercent(corrected.rate)} (95 % CI ${formatBounds(corrected)}, ${corrected.method})${corrected.isClipped ? '. The corrected share lay outside 0–100 %: its error rates do not fit these outputs' : ''}`,
        ]),
  ]
  return { title: 'Steadiness', lines }
}

function certificateSection(reasons: readonly string[]): Section {
  if (reasons.length === 0)
    return {
      title: 'Certificate: granted',
      lines: ['A judge of these figures may hold a release, with the model, rubric and settings that gave them.'],
    }
  return {
    title: 'Certificate: refused',
    lines: [...reasons.map((reason) => visible(reason)), 'It may report, and never hold a release.'],
  }
}

function share(value: ShareOf | undefined): string {
  return value === undefined ? 'not measured' : formatShare(value.rate, value.n, value)
}

function coefficient(value: number | undefined, interval?: { low: number; high: number }): string {
  if (value === undefined) return 'not measured'
  return `${value.toFixed(3)}${interval === undefined ? '' : ` (95 % CI ${interval.low.toFixed(3)}–${interval.high.toFixed(3)})`}`
}

function points(excess: number): string {
  return `${(excess * 100).toFixed(1)} points ${excess < 0 ? 'less' : 'more'}`.replace('-', '')
}

/** The judges of pilot.yaml, and which of them may hold a release. */
export function formatJudges(
  judges: readonly { id: string; model: string; certificate: Certificate | undefined; whyNot: string | undefined }[],
  options: TerminalOptions,
): string {
  if (judges.length === 0) return 'pilot.yaml has no judge.'
  return formatSection(
    {
      title: 'Judges',
      table: {
        head: ['judge', 'model', 'labels', 'kappa', 'may hold a release'],
        align: 'llrrl',
        rows: judges.map(({ id, model, certificate, whyNot }) => [
          id,
          model,
          formatCount(certificate?.items),
          certificate?.kappa === undefined ? 'not measured' : certificate.kappa.toFixed(2),
          whyNot === undefined && certificate !== undefined
            ? `until ${new Date(certificate.expiresMs).toISOString().slice(0, 10)}`
            : `no: ${whyNot}`,
        ]),
      },
    },
    options,
  ).join('\n')
}
