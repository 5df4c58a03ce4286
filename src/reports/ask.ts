import type { Fact, ProductionQuestion } from '../core/ask/question.js'
import type { PlatformAnswers, QuestionStanding, Said } from '../core/ask/standing.js'
import { lackLines, questionSection } from './ask-section.js'
import { formatCount, formatDay } from './number.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'
import { shareText } from './share-text.js'
import { visible } from './text.js'

/** All questions by platform. */
export function formatQuestions(
  answers: readonly PlatformAnswers[],
  questions: readonly ProductionQuestion[],
  options: TerminalOptions,
): string {
  const texts = new Map(questions.map(({ id, text }) => [id, text]))
  const { lines = [], ...section } = questionSection(answers, texts)
  const said = answers.flatMap(({ platform, questions: asked }) =>
    asked.flatMap((each) => each.said.map((one) => `${platform}, ${each.name}: ${saidText(one)}`)),
  )
  return formatSection({ ...section, lines: [...lines, ...said] }, options).join('\n')
}

/** One question on each platform, with what all runs answer (`overall`, in lines). */
export function formatQuestion(
  question: ProductionQuestion,
  answers: readonly (PlatformAnswers & { overall: readonly string[] })[],
  options: TerminalOptions,
): string {
  const parts = answers.flatMap(({ platform, questions, overall }) => {
    const [standing] = questions
    if (standing === undefined) return []
    const lines = [
      ...overall,
      ...lackLines(standing, 'examples'),
      ...standing.said.map(saidText),
      ...(standing.neededRuns === undefined
        ? []
        : [`too few runs to call it answerable: ${formatCount(standing.neededRuns)} are needed, if every one answers`]),
    ]
    return formatSection({ title: `${platform}: ${stateText(standing)}`, lines }, options)
  })
  const rule = formatSection(
    {
      title: `${titleOf(question)}`,
      lines: [`Answerable where ${question.rule} (query version ${question.version}).`],
    },
    options,
  )
  return [...rule, ...parts].join('\n')
}

/** What one run answers, and where that was read. */
export function formatTraceAnswers(
  { platform, traceId }: { platform: string; traceId: string },
  answers: readonly {
    question: ProductionQuestion
    facts: readonly Fact[]
    missing: readonly string[]
    lacks: readonly string[]
  }[],
  options: TerminalOptions,
): string {
  const head = options.color.bold(visible(`Trace ${traceId} on ${platform}`))
  const parts = answers.flatMap(({ question, facts, missing, lacks }) => {
    const lines = [
      ...facts.map(factText),
      ...missing.map((attribute) => `missing: ${attribute}`),
      ...lacks.map((attribute) => `without ${attribute}`),
    ]
    const state = missing.length === 0 ? '' : ' Not answerable.'
    return formatSection({ title: `${titleOf(question)}${state}`, lines }, options)
  })
  return [head, ...parts].join('\n')
}

/** `Recorded for current-logs, prompt-version: no …`. */
export function formatRecorded(question: ProductionQuestion, platform: string, said: Said): string {
  return visible(`Recorded for ${platform}, ${question.name}: ${saidText(said)}`)
}

function titleOf({ id, name, text }: ProductionQuestion): string {
  return id === name ? `${id}: ${text}` : `${id} ${name}: ${text}`
}

function stateText({ state, share, said }: QuestionStanding): string {
  if (state === 'not measured')
    return said.length === 0 ? 'not measured, since no run is stored' : `${said[0]!.value}, as a person says`
  return `${state === 'not' ? 'not answerable' : state}, ${shareText(share)}`
}

function saidText({ value, by, timeMs, evidence }: Said): string {
  const when = timeMs === undefined ? '' : ` on ${formatDay(timeMs)}`
  return `${value}, as ${by} said${when}${evidence === undefined ? '' : `: ${evidence}`}`
}

function factText({ text, span, attributes }: Fact): string {
  const where = span === undefined ? '' : `span ${span.name} (${span.spanId}), `
  return `${text} [${where}${attributes.join(' and ')}]`
}
