import { productionQuestions } from '../core/ask/questions.js'
import type { PlatformAnswers, QuestionStanding } from '../core/ask/standing.js'
import type { Lacking } from '../core/ask/tally.js'
import { formatBounds, formatCount, formatPercent } from './number.js'
import type { Section } from './section.js'

const seven = new Map(productionQuestions({ required: {} }).map(({ id, text }) => [id, text]))

/**
 * Questions by platform: how far each can be answered, and what is missing where it cannot. Of a team's own question the id
 * stands, unless `own` has its text.
 */
export function questionSection(
  answers: readonly PlatformAnswers[],
  own: ReadonlyMap<string, string> = new Map(),
): Section {
  const asked = answers[0]?.questions ?? []
  const rows = asked.map((question, index) => [
    question.id,
    own.get(question.id) ?? seven.get(question.id) ?? question.name,
    ...answers.map(({ questions }) => standingText(questions[index]!)), // every platform is asked the same
  ])
  return {
    title: 'Can production questions be answered?',
    table: {
      head: ['', 'question', ...answers.map(({ platform, runs }) => `${platform}, n ${formatCount(runs)}`)],
      align: `ll${'r'.repeat(answers.length)}`,
      rows,
    },
    lines: answers.flatMap(platformLines),
  }
}

/** `partly 11.1 % (8.8–13.9)`, `no`, `yes, as a person says`, `not measured`. */
function standingText({ state, share, interval, said }: QuestionStanding): string {
  const latest = said[0]
  if (interval === undefined) return latest === undefined ? 'not measured' : `${latest.value}, as a person says`
  if (state === 'not') return 'no'
  return `${state} ${formatPercent(share.x / share.n)} (${formatBounds(interval)})`
}

function platformLines({ platform, runs, questions }: PlatformAnswers): string[] {
  const needed = questions.find(({ neededRuns }) => neededRuns !== undefined)?.neededRuns
  const tooFew = `${platform}: ${formatCount(runs)} ${runs === 1 ? 'run is' : 'runs are'} too few to call a question answerable; from ${formatCount(needed)} on they are enough if every run answers.`
  return [
    ...questions.flatMap((question) => lackLines(question).map((line) => `${platform}, ${question.name}: ${line}`)),
    ...(needed === undefined ? [] : [tooFew]),
  ]
}

/** What is missing for an answer, and what the answers are poorer for, counted in runs; with `examples` by trace id. */
export function lackLines({ missing, lacks, noChange, share }: QuestionStanding, examples?: 'examples'): string[] {
  const answered = noChange ? 'others' : 'of those that answer'
  const named = (lacking: Lacking) =>
    examples === undefined || lacking.examples.length === 0 ? '' : `, for example ${lacking.examples.join(', ')}`
  return [
    ...missing.map(
      (each) => `${each.attribute} missing on ${formatCount(each.runs)} of ${formatCount(share.n)} runs${named(each)}`,
    ),
    ...(noChange
      ? ['all runs that could answer are of one release and prompt version: there is no change to judge']
      : []),
    ...lacks.map((each) => `${poorer(each)} on ${formatCount(each.runs)} ${answered}${named(each)}`),
  ]
}

function poorer({ attribute }: Lacking): string {
  const isText = attribute === 'documents.id' || attribute === 'retriever span'
  return isText ? `text only, ${attribute} missing` : `${attribute} missing`
}
