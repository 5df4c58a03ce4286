import { isAssignedSecret, namesSecret } from './assignments.js'
import { type Detector, type Hit, noHits } from './detector.js'
import { decodeText } from './encoded.js'
import { privateKeys } from './private-keys.js'
import { longRuns } from './runs.js'
import { shortSecrets } from './short-secrets.js'
import { vendorTokens } from './vendor-tokens.js'

/**
 * Secrets: tokens of known vendors, private keys, and whatever its surroundings call a key, token, secret or password. Those
 * inside base64 are found when the encoded text is a text itself.
 */
export function createApiKey(): Detector {
  // Keys are few and stand on every span; the bound keeps hostile exports from filling memory.
  const known = new Map<string, boolean>()
  const isSecretKey = (key: string) => {
    const before = known.get(key)
    if (before !== undefined) return before
    const isSecret = namesSecret(key.slice(-256))
    if (known.size < 10_000) known.set(key, isSecret)
    return isSecret
  }
  return {
    shortest: 6, // a short password whose key says so
    find: (text, key) => (key !== undefined && isSecretKey(key) ? searchValue(text, `${key}: "`) : search(text)),
  }
}

/** What would be found in `api_key: "text"`, as places in the text. */
function searchValue(text: string, lead: string): readonly Hit[] {
  return search(`${lead}${text}"`)
    .map(({ start, end }) => ({
      start: Math.max(0, start - lead.length),
      end: Math.min(text.length, end - lead.length),
    }))
    .filter(({ start, end }) => start < end)
}

function search(text: string): readonly Hit[] {
  if (text.length < shortest) return noHits
  const runs = longRuns(text)
  const short = shortSecrets(text)
  if (runs.length === 0) return short
  const hits = [...short, ...privateKeys(text)]
  for (const run of runs) {
    const tokens = vendorTokens(text, run)
    for (const hit of tokens) hits.push(hit)
    if (tokens.length === 0 && (isAssignedSecret(text, run) || holdsSecret(text, run)))
      hits.push({ start: run.start, end: afterPadding(text, run.end) })
  }
  return hits
}

/** `pwd=secret` and a little. */
const shortest = 12
/** Base64 of the shortest vendor token. */
const shortestEncoded = 27

function holdsSecret(text: string, { start, end }: Hit): boolean {
  if (end - start < shortestEncoded) return false
  const decoded = decodeText(text, start, end)
  return decoded !== undefined && search(decoded).length > 0
}

function afterPadding(text: string, end: number): number {
  return text.startsWith('==', end) ? end + 2 : text.startsWith('=', end) ? end + 1 : end
}
