import { type Detector, type Hit, noHits, wordStart } from './detector.js'

/** Country and total length, from the SWIFT IBAN registry. */
const lengths = new Map(
  `AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18
  FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20
  LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24
  SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30`
    .split(/\s+/)
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))] as const),
)
const start = new RegExp(String.raw`${wordStart}[A-Z]{2}\d{2}(?=[ -]?[A-Z0-9])`, 'gi')
const body = /(?:[ -]?[A-Z0-9]){11,29}/iy

/** International bank account numbers: the country's length and the check digits (ISO 13616, mod 97 = 1). */
export const iban: Detector = {
  shortest: 15,
  find(text) {
    const hits: Hit[] = []
    for (const match of text.matchAll(start)) {
      const end = endOf(text, match.index, lengths.get(match[0].slice(0, 2).toUpperCase()))
      if (end !== undefined && passesMod97(text.slice(match.index, end))) hits.push({ start: match.index, end })
    }
    return hits.length === 0 ? noHits : hits
  },
}

/** Where the account number ends that starts here, if enough letters and digits follow and then the word ends. */
function endOf(text: string, from: number, length: number | undefined): number | undefined {
  if (length === undefined) return undefined
  body.lastIndex = from + 4
  if (!body.test(text)) return undefined
  let left = length
  for (let i = from; i < body.lastIndex; i++)
    if (text[i] !== ' ' && text[i] !== '-' && --left === 0)
      return /[0-9A-Za-z]/.test(text[i + 1] ?? '') ? undefined : i + 1
  return undefined
}

function passesMod97(account: string): boolean {
  const plain = account.replace(/[ -]/g, '').toUpperCase()
  let rest = 0
  for (const character of plain.slice(4) + plain.slice(0, 4))
    for (const digit of String(Number.parseInt(character, 36))) rest = (rest * 10 + Number(digit)) % 97
  return rest === 1
}
