import { isObject, type JsonObject, parseJson } from '../json.js'
import type { Json } from '../span.js'
import type { Scale } from './judge.js'
import { oneLine } from './one-line.js'
import { type CheckResult, failedCheck, verdictOf } from './result.js'

/** Which of two outputs a judge prefers. */
export interface Preference {
  winner: 'first' | 'second' | 'tie'
  /** The judge's words; empty where it gave none. */
  because: string
}

/** What a judge's answer says by a scale. An answer that cannot be read is an error, never a fail and never a 0. */
export function readJudgement(answer: string | undefined, scale: Scale): CheckResult {
  const read = readAnswer(answer, scale === 'pass-fail' ? 'verdict' : 'score')
  if ('fault' in read) return unparseable(read.fault)
  return scale === 'pass-fail' ? readVerdict(read) : readScore(read, scale)
}

/** Which output a judge's answer prefers, or the error that it cannot be read. */
export function readPreference(answer: string | undefined): Preference | CheckResult {
  const read = readAnswer(answer, 'winner')
  if ('fault' in read) return unparseable(read.fault)
  const { value, because } = read
  if (value === 'first' || value === 'second' || value === 'tie') return { winner: value, because }
  return unparseable(`expected first, second or tie, got ${shown(value)}`)
}

interface Answer {
  /** A string in lower case. */
  value: Json
  because: string
}

function readVerdict({ value, because }: Answer): CheckResult {
  if (value !== 'pass' && value !== 'fail') return unparseable(`expected pass or fail, got ${shown(value)}`)
  return verdictOf(value === 'pass', withWords(`the judge says ${value}`, because))
}

function readScore({ value, because }: Answer, { min, max, passFrom }: Exclude<Scale, 'pass-fail'>): CheckResult {
  const score = typeof value === 'string' && /^[+-]?\d+(\.\d+)?$/.test(value) ? Number(value) : value
  if (typeof score !== 'number') return unparseable(`expected a number from ${min} to ${max}, got ${shown(value)}`)
  if (!(score >= min && score <= max)) return failedCheck(`score ${score} lies outside ${min}..${max}`)
  return verdictOf(
    score >= passFrom,
    withWords(`score ${score} of ${min}..${max}, passes from ${passFrom}`, because),
    score,
  )
}

/** A reason, with the judge's own words behind it where there are any. */
export function withWords(reason: string, because: string): string {
  return because === '' ? reason : `${reason}: ${because}`
}

const longestAnswer = 200_000
/** A reader that tries each brace of a hostile text takes quadratic time. */
const mostTries = 100

/** The one value of this key in the JSON objects of a text, with the reason beside it. Objects without the key do not count. */
function readAnswer(answer: string | undefined, key: string): Answer | { fault: string } {
  if (answer === undefined) return { fault: 'the judge gave no answer' }
  if (answer.length > longestAnswer) return { fault: `the answer has ${answer.length} characters` }
  const objects = objectsIn(answer)
  if (objects === undefined) return { fault: `too many braces in ${shown(answer)}` }
  const found = objects.filter(({ object }) => Object.hasOwn(object, key))
  const [first] = found
  if (first === undefined) return { fault: `no JSON object with "${key}" in ${shown(answer)}` }
  const values = new Set(found.map(({ object }) => JSON.stringify(plain(object[key]!))))
  // JSON lets a key stand twice in one object, and a parser would take the last without a word.
  const isTwice = found.some(({ text }) => text.split(new RegExp(`"${key}"\\s*:`)).length > 2)
  if (values.size > 1 || isTwice) return { fault: `more than one "${key}" in ${shown(answer)}` }
  const { reason } = first.object
  return { value: plain(first.object[key]!), because: typeof reason === 'string' ? oneLine(reason) : '' }
}

function plain(value: Json): Json {
  return typeof value === 'string' ? value.trim().toLowerCase() : value
}

/** The JSON objects that stand in a text, outermost only; undefined where there are too many braces to try. */
function objectsIn(text: string): { text: string; object: JsonObject }[] | undefined {
  const found: { text: string; object: JsonObject }[] = []
  let tries = 0
  let start = text.indexOf('{')
  while (start !== -1) {
    if (++tries > mostTries) return undefined
    const end = endOfObject(text, start)
    const object = end === undefined ? undefined : parseJson(text.slice(start, end))
    if (isObject(object)) found.push({ text: text.slice(start, end), object })
    start = text.indexOf('{', isObject(object) ? end : start + 1)
  }
  return found
}

/** Behind the brace that closes the one at `start`; braces inside of strings do not count. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0
  let isText = false
  for (let at = start; at < text.length; at++) {
    const character = text[at]
    if (isText && character === '\\') at += 1
    else if (character === '"') isText = !isText
    else if (!isText && character === '{') depth += 1
    else if (!isText && character === '}' && --depth === 0) return at + 1
  }
  return undefined
}

function unparseable(fault: string): CheckResult {
  return failedCheck(`unparseable verdict: ${fault}`)
}

function shown(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return JSON.stringify((text.length > 60 ? `${text.slice(0, 59)}…` : text).toWellFormed())
}
