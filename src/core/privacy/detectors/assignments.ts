import type { Hit } from './detector.js'
import { looksRandom } from './runs.js'

// Written small, Capital or LARGE, and not as part of a longer word: token but not tokenizer, auth but not author.
const word = (small: string) =>
  `(?:(?:${small}|${small.replace(/^./, (letter) => letter.toUpperCase())})(?![a-z])|${small.toUpperCase()}(?![A-Z]))`
const either = (words: string) => `(?:${words.split(' ').map(word).join('|')})`

// What a key opens; any other key (sort key, cache key, a hash) counts only with a value that mixes cases, as ids do not.
const secretKeys =
  'api access secret private auth account client master service signing encryption shared admin deploy license consumer app application subscription write ingest integration rest server storage session hmac jwt aes'
const secretName = `(?:${either('secrets? token passwords? passwd pass passphrase pwd credentials? creds? bearer authorization auth apikey')}|(?:${either(secretKeys)})[-_ .]?${word('key')}|A[KS]IA[A-Z0-9]{16})`
const keyName = word('key')

// Between a name and its value: the rest of the name unless that makes it something else (token_count, key_id), closing quotes
// (also escaped ones), an operator of any usual language, opening quotes.
const restOfName = String.raw`(?![-_. ]?(?:[Hh]ash|[Ii]d(?![a-z])|ID|[Aa]lias|[Nn]ame|[Cc]ount|[Tt]ype|[Uu]sage|[Dd]etail))[\w.-]{0,24}`
const quotes = String.raw`[\\"'\x60()\[\]{}]{0,6}`
const operator = String.raw`(?:[:.?|+=!]{0,2}=|=>|<-|[:,>|]|%3[AaDd]|\s(?:is|was|to):?\s|(?<=["'(\[\s]))`
// <add key="…Token" value="…"/> and {"name": "API_KEY", "value": "…"}
const besideIt = String.raw`(?:,?\s{0,3}\\{0,3}["']?[Vv]alue)?`
const toValue = String.raw`${restOfName}${quotes}${besideIt}${quotes}(?:\s?:?\s?[Ss]tring)?\s{0,8}${operator}[\s>|-]{0,20}(?:[A-Za-z]{5,6} )?${quotes}$`

const anyName = /secret|token|pass|pwd|key|cred|auth|bearer|A[KS]IA/i
const assignedToSecret = new RegExp(secretName + toValue)
const assignedToKey = new RegExp(keyName + toValue)
const mixesCases = /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d).{20}/
const longestName = 96

/** True when what stands before this run names it a secret and it looks random: `api_key = "…"`, `Authorization: Bearer …`. */
export function isAssignedSecret(text: string, run: Hit): boolean {
  const before = text.slice(Math.max(0, run.start - longestName), run.start)
  if (!anyName.test(before)) return false
  const value = text.slice(run.start, run.end)
  return looksRandom(value) && (assignedToSecret.test(before) || (mixesCases.test(value) && assignedToKey.test(before)))
}

const secretKey = new RegExp(`${secretName}${restOfName}$|${keyName}$`)

/** True for a name whose value is a secret, as a key of JSON or of attributes. */
export const namesSecret = (key: string): boolean => anyName.test(key) && secretKey.test(key)
