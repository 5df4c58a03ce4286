import type { Disagreement, LabelReport, PairReport, QuestionReport } from '../core/label-report.js'
import { wilson } from '../core/stats/proportion.js'
import { formatCount, nothing } from './number.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'
import { shareText } from './share-text.js'

/** How an annotator is called: in a sentence, and where it is clear that annotators are meant. */
interface Naming {
  full(alias: string): string
  short(alias: string): string
}

/** Annotators by number, in the order of their aliases; or by those. */
function namingOf({ annotators }: LabelReport, withAliases: boolean): Naming {
  const short = (alias: string) => (withAliases ? alias : String(annotators.indexOf(alias) + 1))
  return { short, full: (alias) => (withAliases ? alias : `annotator ${short(alias)}`) }
}

/** The most items on which annotators differ that are shown; all are in `--json`. */
const shownDisagreements = 10

/** The agreement of annotators for a terminal. */
export function formatLabelReport(report: LabelReport, options: TerminalOptions & { withAliases: boolean }): string {
  if (report.questions.length === 0) return 'No labels are stored.'
  const naming = namingOf(report, options.withAliases)
  return report.questions
    .flatMap((question) => sectionsOf(question, naming))
    .map((section) => formatSection(section, options).join('\n'))
    .join('\n\n')
}

function sectionsOf(question: QuestionReport, naming: Naming): Section[] {
  const { disagreements } = question
  return [
    agreementSection(question, naming),
    finalSection(question),
    ...(disagreements.length === 0 ? [] : [disagreementSection(question, naming)]),
  ]
}

function agreementSection(
  { name, items, annotators, unnamed, shared, pairs, alpha }: QuestionReport,
  naming: Naming,
): Section {
  const counts = [`items ${formatCount(items)}`, `annotators ${formatCount(annotators.length)}`]
  return {
    title: `${name}: ${counts.join(', ')}, shared by two or more ${formatCount(shared)}`,
    table: {
      head: ['annotators', 'n', 'agreement', 'kappa (95 % CI)', 'AC1 (95 % CI)'],
      align: 'lrrrr',
      rows: pairs.map((pair) => pairRow(pair, naming)),
    },
    lines: [
      alpha === undefined
        ? "agreement: not measured, since no item has two annotators' labels"
        : `Krippendorff's alpha over all annotators: ${alpha.toFixed(2)} (n ${formatCount(shared)})`,
      ...(pairs.some(({ agreement }) => agreement.kappaCi === undefined || agreement.ac1Ci === undefined)
        ? [noIntervalLine]
        : []),
      ...(unnamed > 0 ? [`labels that do not say whose they are: ${formatCount(unnamed)}, in no pair`] : []),
    ],
  }
}

const noIntervalLine =
  'no interval where the standard error is 0 (they agree or differ throughout, or one of them always says the same): that is no certainty'

function pairRow({ annotators, agreement }: PairReport, naming: Naming): string[] {
  const { n, observed, kappa, kappaCi, ac1, ac1Ci } = agreement
  return [
    annotators.map(naming.short).join(', '),
    formatCount(n),
    shareText({ x: Math.round(observed * n), n }),
    coefficient(kappa, kappaCi),
    coefficient(ac1, ac1Ci),
  ]
}

function coefficient(value: number | undefined, interval: { low: number; high: number } | undefined): string {
  if (value === undefined) return 'not defined'
  const bounds = interval === undefined ? nothing : `${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}`
  return `${value.toFixed(2)} (${bounds})`
}

function finalSection({ name, items, decided, prevalence }: QuestionReport): Section {
  const sources = (['agreed', 'majority', 'adjudicated', 'only'] as const)
    .filter((from) => decided[from] > 0)
    .map((from) => `${formatCount(decided[from])} ${fromTexts[from]}`)
  const [most] = prevalence
  return {
    title: `${name}: final labels`,
    table: {
      head: ['label', 'share'],
      align: 'lr',
      rows: prevalence.map(({ value, x }) => [value, shareText({ x, n: decided.n })]),
    },
    lines: [
      `${formatCount(decided.n)} of ${formatCount(items)} items are decided${sources.length > 0 ? `: ${sources.join(', ')}` : ''}`,
      ...(most === undefined
        ? []
        : [
            `majority baseline: whoever always says ${most.value} is right on ${shareText({ x: most.x, n: decided.n })}`,
          ]),
    ],
  }
}

const fromTexts = {
  agreed: 'by all who labelled them',
  majority: 'by more than half',
  adjudicated: 'adjudicated',
  only: 'by one annotator alone',
}

function disagreementSection({ name, shared, disagreements }: QuestionReport, naming: Naming): Section {
  const shown = disagreements.slice(0, shownDisagreements)
  const more = disagreements.length - shown.length
  return {
    title: `${name}: annotators differ on ${formatCount(disagreements.length)} of ${formatCount(shared)} shared items`,
    table: {
      head: ['item', 'labels', 'final'],
      align: 'lll',
      rows: shown.map(({ item, labels, final }) => [
        item,
        labels.map(({ by, value }) => `${by === undefined ? 'somebody' : naming.full(by)} ${value}`).join(', '),
        final === undefined ? 'open' : `${final.value} (${final.from})`,
      ]),
    },
    ...(more > 0 && { lines: [`and ${formatCount(more)} more; --json lists them`] }),
  }
}

/** The report as data; null where nothing is known. */
export function labelReportJson(report: LabelReport, withAliases: boolean) {
  const naming = namingOf(report, withAliases)
  return {
    schemaVersion: 1,
    questions: report.questions.map(({ name, items, annotators, unnamed, shared, alpha, decided, ...rest }) => ({
      name,
      items,
      annotators: annotators.map(naming.full),
      unnamed,
      shared,
      pairs: rest.pairs.map((pair) => pairJson(pair, naming)),
      alpha: alpha ?? null,
      decided,
      prevalence: rest.prevalence.map(({ value, x }) => shareJson(value, x, decided.n)),
      majorityBaseline: rest.prevalence[0] === undefined ? null : rest.prevalence[0].x / decided.n,
      disagreements: rest.disagreements.map((each) => disagreementJson(each, naming)),
    })),
  }
}

function pairJson({ annotators, agreement }: PairReport, naming: Naming) {
  const { n, observed, kappa, kappaCi, ac1, ac1Ci } = agreement
  return {
    annotators: annotators.map(naming.full),
    n,
    agreement: { share: observed, ...wilson(Math.round(observed * n), n) },
    kappa: { value: kappa ?? null, low: kappaCi?.low ?? null, high: kappaCi?.high ?? null },
    ac1: { value: ac1 ?? null, low: ac1Ci?.low ?? null, high: ac1Ci?.high ?? null },
  }
}

function shareJson(value: string, x: number, n: number) {
  return { value, x, n, share: x / n, ...wilson(x, n) }
}

function disagreementJson({ item, labels, final }: Disagreement, naming: Naming) {
  return {
    item,
    labels: labels.map(({ by, value }) => ({ annotator: by === undefined ? null : naming.full(by), value })),
    final: final ?? null,
  }
}
