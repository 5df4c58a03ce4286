/** What of a sentence has to stand in a source: its content words as stems, and its numbers. */
export interface Statement {
  text: string
  words: ReadonlySet<string>
  numbers: ReadonlySet<string>
}

/** The sentences of a text that say something: those of function words alone ("Yes, it is.") are left out. */
export function statementsOf(text: string): Statement[] {
  const lines = text.replaceAll(/https?:\/\/\S+/g, ' ').split(/\n/)
  return lines
    .map((line) => line.replace(/^\s*(?:[-*•]|\d{1,3}[.)])\s+/, '')) // the number of a list item is no claim
    .flatMap((line) => line.split(/(?<=[.!?])\s+|(?<=[。！？])/))
    .map((sentence) => ({ text: sentence.trim(), words: contentWords(sentence), numbers: numbersIn(sentence) }))
    .filter(({ words, numbers }) => words.size + numbers.size > 0)
}

/** The stems of the words of a text that carry meaning. */
export function contentWords(text: string): Set<string> {
  const words = Array.from(text.toLowerCase().replaceAll('’', "'").matchAll(word), ([found]) => found)
  return new Set(words.flatMap((found) => (unspaced.test(found) ? pairs(found) : keep(found))))
}

/** The numbers of a text in one form: 2,000.50 and 2000.5 are the same. */
export function numbersIn(text: string): Set<string> {
  return new Set(Array.from(text.matchAll(/\d+(?:[.,]\d+)*/g), ([found]) => plainNumber(found)))
}

const word = /[\p{L}\p{M}]+(?:'\p{L}+)*/gu
/** Scripts that put no blanks between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

/** Every two neighbouring characters, as search engines do where words have no bounds. Intl.Segmenter takes quadratic time. */
function pairs(run: string): string[] {
  const characters = [...run]
  return characters.length === 1 ? characters : characters.slice(1).map((character, at) => characters[at] + character)
}

function keep(found: string): string[] {
  return found.length < 2 || functionWords.has(found) ? [] : [stem(found)]
}

/** Without the endings of English plurals and verbs, so that "refunds" is found as "refund". */
function stem(found: string): string {
  const short = found.replace(/'s$/, '').replace(/(?<=.{3})(?:ing|ed|es|s|e)$/, '')
  return short.replace(/(?<=.{3})i$/, 'y') // policies, policy
}

function plainNumber(found: string): string {
  const whole = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(found) ? found.replaceAll(',', '') : found
  if (!/^\d+\.\d+$/.test(whole)) return whole
  let end = whole.length // a pattern for zeros at the end takes quadratic time where they are followed by another digit
  while (whole[end - 1] === '0') end -= 1
  return whole.slice(0, whole[end - 1] === '.' ? end - 1 : end)
}

const functionWords = new Set(
  `a about above after again all also am an and any are aren't as at be because been before being below between both but by can
  can't cannot could couldn't did didn't do does doesn't doing don't down during each else few for from further had has have
  having he her here hers him his how however i i'd i'll i'm i've if in into is isn't it it's its itself just let me more most
  my no nor not now of off on once only or other our ours out over own please same she should so some such than that that's
  the their theirs them then there there's these they they're this those through to too under until up us very was wasn't we
  we'll we're we've were what when where which while who whom why will with won't would yes yet you you'll you're you've your
  yours`.split(/\s+/),
)
