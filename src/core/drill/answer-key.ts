import type { Incident } from './drill.js'
import { causeQuestion, type KeyField, none, type Question } from './questions.js'
import { longWords } from './words.js'

/** What the store knows of an incident's run; undefined where it does not. */
export interface RunFacts {
  input: string | undefined
  /** Of the call that answered. */
  prompt: { name: string | undefined; version: string } | undefined
  /** Ids; empty where retrievals found nothing. */
  documents: string[] | undefined
  /** Names of the model that answered (asked by, answered as), then of all others that were asked. */
  model: { answering: string[]; others: string[] } | undefined
  failures: string[]
  evaluation: 'yes' | 'no' | 'not evaluated' | undefined
  fields: Partial<Record<KeyField, string>>
}

/** What is right on one question, and who says so. */
export interface KeyAnswer {
  from: 'store' | 'person'
  /** As it is shown; what an answer must hold depends on the question. */
  right: string[]
  isRight(answer: readonly string[]): boolean
}

/** Question → its right answer; questions that nobody can answer yet are absent. */
export type AnswerKey = ReadonlyMap<string, KeyAnswer>

/** The key of one incident: what its runs on any platform tell, the first that knows wins, and what people have confirmed. */
export function answerKey(
  asked: readonly Question[],
  runs: readonly RunFacts[],
  confirmed: ReadonlyMap<string, string>,
): AnswerKey {
  const key = new Map<string, KeyAnswer>()
  for (const question of asked) {
    const stated = confirmed.get(question.id)
    const answer = stated === undefined ? fromStore(question, runs) : fromPerson(question, stated)
    if (answer !== undefined) key.set(question.id, answer)
  }
  return key
}

/** What labels of an incident are filed under: its request, which every platform has in common, else its first trace. */
export function itemOf({ requestId, traces, id }: Incident): string {
  return requestId ?? traces[0]?.traceId ?? id
}

/** True for a question whose answer only a person can confirm. */
export function needsPerson({ id, field }: Question): boolean {
  return id === causeQuestion || (field === undefined && !Object.hasOwn(rules, id))
}

function fromPerson({ form }: Question, stated: string): KeyAnswer {
  const right = form === 'many' ? stated.split(',').map((part) => part.trim()) : [stated]
  return { from: 'person', right, isRight: (answer) => isSameSet(answer, right) }
}

function fromStore({ id, field }: Question, runs: readonly RunFacts[]): KeyAnswer | undefined {
  const read = field === undefined ? (Object.hasOwn(rules, id) ? rules[id] : undefined) : fieldRule(field)
  for (const run of runs) {
    const answer = read?.(run)
    if (answer !== undefined) return { from: 'store', ...answer }
  }
  return undefined
}

type Rule = (run: RunFacts) => Omit<KeyAnswer, 'from'> | undefined

const rules: Readonly<Record<string, Rule>> = {
  input: ({ input }) =>
    input === undefined ? undefined : { right: [input], isRight: (answer) => quotes(answer.join(' '), input) },
  'prompt-version': ({ prompt }) =>
    prompt && { right: [nameOf(prompt)], isRight: (answer) => namesVersion(answer.join(' '), prompt) },
  context: ({ documents }) =>
    documents && {
      right: documents.length > 0 ? documents : [none],
      isRight: (answer) => namesDocuments(answer, documents),
    },
  model: ({ model }) => model && { right: model.answering.slice(0, 1), isRight: (answer) => namesModel(answer, model) },
  failures: ({ failures }) => {
    const right = failures.length > 0 ? failures : [none]
    return { right, isRight: (answer) => isSameSet(answer, right) }
  },
  eval: ({ evaluation }) => evaluation && { right: [evaluation], isRight: (answer) => isSameSet(answer, [evaluation]) },
}

function fieldRule(field: KeyField): Rule {
  return ({ fields }) => {
    const value = fields[field]
    return value === undefined ? undefined : { right: [value], isRight: (answer) => isSameSet(answer, [value]) }
  }
}

const plain = (text: string) => text.trim().toLowerCase()

function isSameSet(answer: readonly string[], right: readonly string[]): boolean {
  const [given, wanted] = [new Set(answer.map(plain)), new Set(right.map(plain))]
  return given.size === wanted.size && [...wanted].every((value) => given.has(value))
}

/** In one's own words: at least half of the answer's long words stand in the input, and two of them (or all of a shorter input). */
function quotes(answer: string, input: string): boolean {
  const said = new Set(longWords(answer))
  const given = new Set(longWords(input))
  const shared = [...said].filter((word) => given.has(word)).length
  return shared > 0 && shared * 2 >= said.size && shared >= Math.min(2, given.size)
}

function nameOf({ name, version }: NonNullable<RunFacts['prompt']>): string {
  return name === undefined ? version : `${name} ${version}`
}

/** The version, with or without the name of the prompt, and no other version beside it. */
function namesVersion(answer: string, { name, version }: NonNullable<RunFacts['prompt']>): boolean {
  const left = tokens(answer).filter((token) => !['v', 'version', 'prompt', ...tokens(name ?? '')].includes(token))
  const said = new Set(left.map(withoutV))
  const wanted = new Set(tokens(version).map(withoutV))
  return wanted.size > 0 && said.size === wanted.size && [...wanted].every((token) => said.has(token))
}

const tokens = (text: string) => plain(text).match(/[\p{L}\p{N}.]+/gu) ?? []
const withoutV = (token: string) => token.replace(/^v(?=\d)/, '')

/** Only documents that were there, and at least half of them. */
function namesDocuments(answer: readonly string[], documents: readonly string[]): boolean {
  const named = new Set(answer.map(plain))
  if (documents.length === 0) return isSameSet(answer, [none])
  const there = new Set(documents.map(plain))
  return [...named].every((id) => there.has(id)) && named.size * 2 >= there.size
}

/** The model that answered; others may stand beside it if they were asked too. */
function namesModel(answer: readonly string[], { answering, others }: NonNullable<RunFacts['model']>): boolean {
  const named = answer.map(plain)
  const right = answering.map(plain)
  const asked = new Set([...right, ...others.map(plain)])
  return named.some((name) => right.includes(name)) && named.every((name) => asked.has(name))
}
