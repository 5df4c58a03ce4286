import type { ProductionQuestion } from '../core/ask/question.js'
import { PilotError } from '../core/errors.js'
import type { Overall } from '../jobs/ask/overall.js'
import type { Context } from './context.js'

export interface AskOptions {
  trace?: string
  platform?: string
  record?: string
  evidence?: string
  by?: string
}

/** Asks all questions, one, or one run; or records what a person says. */
export async function runAsk(context: Context, typed: string | undefined, options: AskOptions): Promise<number> {
  requireFitting(typed, options)
  refuseTexts(context, options)
  const { questionsOf, requireQuestion } = await import('../jobs/ask/answers.js')
  const loaded = await context.loadConfig()
  const all = questionsOf(loaded.config)
  const question = typed === undefined ? undefined : requireQuestion(all, typed)
  if (options.record !== undefined && question !== undefined) return record(context, question, options)
  if (options.trace !== undefined) return askTrace(context, question === undefined ? all : [question], options)
  return question === undefined ? askAll(context, all, options) : askOne(context, question, options)
}

function requireFitting(typed: string | undefined, { trace, record, evidence, by }: AskOptions): void {
  if (record === undefined && (evidence !== undefined || by !== undefined))
    throw new PilotError('--evidence and --by go with --record.')
  if (record === undefined) return
  if (trace !== undefined) throw new PilotError('--record and --trace are one or the other.')
  if (typed === undefined)
    throw new PilotError('--record needs a question.', {
      hint: 'Such as pilot ask 1 --record no …; pilot ask lists them.',
    })
}

/** Throws `PilotError` for product: facts of one run and what people recorded are texts. */
function refuseTexts({ audience }: Context, { trace, record }: AskOptions): void {
  if (audience !== 'product' || (trace === undefined && record === undefined)) return
  throw new PilotError(`${trace === undefined ? '--record' : '--trace'} shows texts, which are not for product.`, {
    hint: 'pilot trace <id> --audience product shows the shape of a run; pilot ask --audience product all runs.',
  })
}

async function askAll(context: Context, questions: readonly ProductionQuestion[], { platform }: AskOptions) {
  const { readAnswers } = await import('../jobs/ask/answers.js')
  const { formatQuestions } = await import('../reports/ask.js')
  const { answersForProduct } = await import('../core/audience/ask.js')
  const read = readAnswers(await context.loadConfig(), { platform, questions })
  const platforms = context.audience === 'product' ? read.map(answersForProduct) : read
  if (context.options.json) context.printJson({ schemaVersion: 1, questions: questions.map(jsonOf), platforms })
  else context.print(formatQuestions(platforms, questions, context))
  context.remark('Next: pilot ask 1 --trace <id>')
  return 0
}

async function askOne(context: Context, question: ProductionQuestion, { platform }: AskOptions): Promise<number> {
  const { readOverall } = await import('../jobs/ask/overall.js')
  const { formatQuestion } = await import('../reports/ask.js')
  const answerJson = await answerJsonReader()
  const lines = await linesReader()
  const read = readOverall(await context.loadConfig(), { question, platform })
  const names = await context.namesForProduct()
  const { overallForProduct } = await import('../jobs/audience/ask.js')
  const answers = names === undefined ? read : read.map((each) => overallForProduct(each, names))
  if (context.options.json) {
    const platforms = answers.map(({ questions: [standing], overall, ...about }) => ({
      ...{ ...about, ...standing, answer: overall === undefined ? null : answerJson(overall) },
    }))
    context.printJson({ schemaVersion: 1, question: jsonOf(question), platforms })
  } else {
    const shown = answers.map(({ overall, ...each }) => ({
      ...each,
      overall: overall === undefined ? [] : lines(overall),
    }))
    context.print(formatQuestion(question, shown, context))
  }
  context.remark(`Next: ${question.more}`)
  return 0
}

async function answerJsonReader(): Promise<(overall: Overall) => unknown> {
  const { costJson } = await import('../reports/completed-cost.js')
  const { spikesJson } = await import('../reports/spikes.js')
  return (overall) => {
    if (overall.of === 'cost') return costJson(overall.answer)
    return overall.of === 'spikes' ? spikesJson(overall.answer) : overall.answer
  }
}

async function linesReader(): Promise<(overall: Overall) => string[]> {
  const { costLines, offlineLines, qualityLines } = await import('../reports/ask-overall.js')
  const { spikeLines } = await import('../reports/spikes.js')
  return (overall) => {
    if (overall.of === 'quality') return qualityLines(overall.answer)
    if (overall.of === 'cost') return costLines(overall.answer)
    return overall.of === 'spikes' ? spikeLines(overall.answer) : offlineLines(overall.answer)
  }
}

async function askTrace(context: Context, questions: readonly ProductionQuestion[], options: AskOptions) {
  const { askTrace: askOf } = await import('../jobs/ask/trace.js')
  const { formatTraceAnswers } = await import('../reports/ask.js')
  const loaded = await context.loadConfig()
  const { trace: id = '', platform } = options
  const found = askOf(loaded, questions, { id, platform })
  if (context.options.json) {
    const answers = found.answers.map(({ question, facts, missing, lacks }) => ({
      question: jsonOf(question),
      isAnswered: missing.length === 0,
      facts: facts.map(({ text, span, attributes }) => ({
        ...{ text, attributes, span: span === undefined ? null : { spanId: span.spanId, name: span.name } },
      })),
      missing,
      lacks,
    }))
    context.printJson({ schemaVersion: 1, platform: found.platform, traceId: found.traceId, answers })
  } else context.print(formatTraceAnswers(found, found.answers, context))
  context.remark(`Next: pilot trace ${found.traceId.slice(0, 8)}`)
  return 0
}

async function record(context: Context, question: ProductionQuestion, options: AskOptions): Promise<number> {
  const { recordAnswer } = await import('../jobs/ask/said.js')
  const { requirePlatform } = await import('../jobs/platforms.js')
  const { formatRecorded } = await import('../reports/ask.js')
  const loaded = await context.loadConfig()
  const platform = requirePlatform(loaded.config, options.platform, 'Say which one it is about')
  const { record: value = '', by, evidence } = options
  const said = await recordAnswer(loaded, { question, platform, value, by, evidence }, context.io.nowMs())
  if (context.options.json) context.printJson({ schemaVersion: 1, question: jsonOf(question), platform, said })
  else context.print(formatRecorded(question, platform, said))
  context.remark('Next: pilot ask')
  return 0
}

function jsonOf({ id, name, version, text, rule }: ProductionQuestion) {
  return { id, name, version, text, rule }
}
