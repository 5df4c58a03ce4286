import { type Hit, noHits } from './detector.js'
import { looksRandom } from './runs.js'

/**
 * What tokens look like, from the vendors' own documentation: the prefixes (any of those before the bar), what follows, and
 * whether the rest must look random too, because the prefix also begins ordinary words.
 */
const shapes: readonly [prefixes: string, rest: RegExp, isWeak?: true][] = [
  // Clouds
  ['AKIA ASIA ABIA ACCA', /[A-Z0-9]{16}(?![A-Za-z0-9])/],
  ['ABSK', /[\w+/]{60,}={0,2}/],
  ['AIza', /[\w-]{35}/],
  ['ya29. GOCSPX-', /[\w-]{20,}/],
  ['1//0', /[\w-]{40,}/],
  ['LTAI AKID', /[A-Za-z0-9]{16,}/],
  ['do_v1_ doo_v1_ dop_v1_ dor_v1_', /[0-9a-f]{64}/],
  ['t1.', /[\w-]{7,}\.[\w-]{80,}={0,2}/],
  ['AQVN YC', /[\w-]{38,}/],
  ['sha256~', /[\w-]{43}/],
  ['v1.0-', /[0-9a-f]{24}-[0-9a-f]{100,}/],
  // Code hosts and package registries
  ['ghp_ gho_ ghs_ ghu_ ghr_', /\w{30,}/],
  ['github_pat_', /\w{22,}/],
  ['glpat- gldt- glrt- glrtr- glptt- glsoat- glft- glagent- gloas- glimt- glcbt- glffct- GR1348941', /[\w.-]{20,}/],
  ['ATATT3 ATCTT3', /[\w-]{60,}={0,2}\w*/],
  ['ATBB', /\w{28,}/],
  ['npm_ CLOJARS_', /\w{36,}/],
  ['pypi-', /[\w-]{50,}/],
  ['rubygems_ sbp_ pul- sgp_', /\w{40,}/],
  ['dckr_pat_ dckr_oat_', /[\w-]{20,}/],
  ['AKCp cmVmdGtu', /\w{50,}/],
  ['oy2', /[a-z0-9]{43}/],
  // Models and their tools
  ['sk-ant- sk-proj- sk-svcacct- sk-admin- sk-or- sk-lf-', /[\w-]{20,}/],
  ['sk-', /[\w-]{20,}/, true],
  ['hf_ api_org_', /[A-Za-z]{30,}/],
  ['r8_ gsk_ pplx- tvly- pcsk_ nvapi- xai-', /[\w-]{30,}/],
  ['lsv2_pt_ lsv2_sk_', /\w{32,}/],
  ['pl_', /[0-9a-f]{32}/],
  // Messages and mail
  ['xoxa xoxb xoxe xoxo xoxp xoxr xoxs xoxd', /[.-][\w.%-]{10,}/],
  ['xapp-', /\d-[\w-]{20,}/],
  ['hooks.slack.com/services/ hooks.slack.com/workflows/ hooks.slack.com/triggers/', /[\w+/-]{20,}/],
  ['discord.com/api/webhooks/ discordapp.com/api/webhooks/', /\d+\/[\w-]{40,}/],
  ['MD MT Mj Mz ND NT Nj Nz OD OT', /[A-Za-z0-9]{22,26}\.[\w-]{6}\.[\w-]{27,}/],
  ['AA', /(?<=(?<!\d)\d{8,10}:AA)[\w-]{32,33}/],
  ['SG.', /[\w-]{16,}\.[\w-]{16,}/],
  ['SK', /[0-9a-f]{32}/],
  ['key-', /[0-9a-z]{32}/, true],
  ['xkeysib- xsmtpsib-', /[0-9a-f]{60,}-\w{16}/],
  ['mlsn.', /\w{40,}/],
  ['re_', /\w{8}_\w{24}/, true],
  // Payment and shops
  ['sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_', /\w{10,}/],
  ['whsec_', /[\w+/]{24,}={0,2}/],
  ['shpat_ shpca_ shppa_ shpss_', /[0-9a-fA-F]{32}/],
  ['EAAA', /[\w-]{54,}/],
  ['EAA', /[A-Z0-9][A-Za-z0-9]{80,}/],
  ['sq0atp- sq0csp- sq0idp-', /[\w-]{22,}/],
  ['EZAK EZTK', /[A-Za-z0-9]{54}/],
  ['shippo_live_ shippo_test_ duffel_live_ duffel_test_', /[\w-]{40,}/],
  ['FLWSECK- FLWSECK_TEST-', /[\w-]{12,}/],
  // Platforms
  ['eyJ', /[\w/+-]{8,}\.eyJ[\w/+-]{8,}\.[\w/+-]{10,}={0,2}/], // JSON web token
  ['eyJ', /[\w-]{15,}\.[\w-]*\.[\w-]{12,}\.[\w-]{16,}\.[\w-]{16,}/], // and an encrypted one
  ['hvs. hvb. hvr.', /[\w-]{24,}/],
  ['atlasv1.', /[\w=-]{60,}/],
  ['dapi', /[0-9a-f]{32}(?:-\d)?/],
  ['dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.', /[\w.]{40,}/],
  ['glc_ glsa_ glsu_', /[\w+/]{32,}={0,2}/],
  ['pscale_tkn_ pscale_pw_ pscale_oauth_', /[\w.-]{32,}/],
  ['PMAK-', /[0-9a-f]{24}-[0-9a-f]{34}/],
  ['NRAK- NRAA- NRAL- NRAQ- NRII- NRJS- NRSP-', /[\w-]{19,}/],
  ['sntrys_ sntryu_', /[\w+/]{40,}/],
  ['fo1_ fm1_ fm2_ fm1a_ fm1r_', /[\w+/-]{43,}={0,2}/],
  ['HRKU-', /[\w-]{36,}/],
  ['dt0c01. dt0s01. dt0s02. dt0s16.', /\w{24}\.\w{64}/],
  ['vercel_blob_rw_ nfp_ nfc_ nfo_ nfu_', /\w{30,}/],
  ['sb_secret_ tskey-', /[\w-]{20,}/],
  ['phx_ phs_', /\w{40,}/],
  ['pat. sat.', /[\w-]{22}\.[0-9a-f]{24}\.\w{20}/],
  ['4b1d', /\w{38}/],
  // Work
  ['lin_api_ lin_oauth_', /\w{32,}/],
  ['ntn_ secret_', /[A-Za-z0-9]{40,}/],
  ['figd_', /[\w-]{36,}/],
  ['pat', /[A-Za-z0-9]{14}\.[0-9a-f]{64}/], // Airtable
  ['CFPAT- tfp_ rdme_', /[\w.-]{40,}/],
  ['sl.', /[\w=-]{130,}/],
  ['fio-u-', /[\w=-]{60,}/],
  ['pnu_ ico-', /\w{32,}/],
  ['p8e-', /[a-z0-9]{32}/],
  ['dnkey-', /[\w=-]{26}-[\w=-]{52}/],
  ['s-s4t2ud- s-s4t2af-', /[0-9a-f]{64}/],
  ['A3-', /[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}/], // 1Password
  ['AGE-SECRET-KEY-1', /[A-Z0-9]{58}/],
]

interface Shape {
  prefix: string
  rest: RegExp
  isWeak: boolean
}

/** Shapes by their first two characters: at most places that ends the search. */
const byStart = new Map<number, Shape[]>()
for (const [prefixes, rest, isWeak = false] of shapes)
  for (const prefix of prefixes.split(' ')) {
    const start = startAt(prefix, 0)
    byStart.set(start, [...(byStart.get(start) ?? []), { prefix, rest: new RegExp(rest, 'y'), isWeak }])
  }

function startAt(text: string, index: number): number {
  return (text.charCodeAt(index) << 16) | text.charCodeAt(index + 1)
}

/** Tokens of known vendors that start in this run, placeholders such as `ghp_xxxx…` left out. */
export function vendorTokens(text: string, run: Hit): readonly Hit[] {
  let hits: Hit[] | undefined
  let isInWord = false
  for (let i = wordIn(text, run.start); i < run.end; i++) {
    if (!isInWord) {
      const end = tokenEnd(text, i)
      if (end !== undefined) {
        hits ??= []
        hits.push({ start: i, end })
        i = end - 1
      }
    }
    isInWord = isWordCharacter(text.charCodeAt(i))
  }
  return hits ?? noHits
}

/** Where the word starts that a run starts with: after the `n` of an escaped line break, the digits of `%3D` and of `\u003d`. */
function wordIn(text: string, start: number): number {
  const before = start === 0 ? 0 : text.charCodeAt(start - 1)
  if (before === percent) return start + 2
  if (before !== backslash) return start
  return start + (text.startsWith('u', start) ? 5 : 1)
}
const percent = 0x25
const backslash = 0x5c

function isWordCharacter(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
}

function tokenEnd(text: string, start: number): number | undefined {
  const candidates = byStart.get(startAt(text, start))
  if (candidates === undefined) return undefined
  for (const { prefix, rest, isWeak } of candidates) {
    if (!text.startsWith(prefix, start)) continue
    rest.lastIndex = start + prefix.length
    if (!rest.test(text)) continue
    const token = text.slice(start + prefix.length, rest.lastIndex)
    if (isWeak ? looksRandom(token) : new Set(token).size >= 7) return rest.lastIndex
  }
  return undefined
}
