import { type Detector, matches, noHits, wordStart } from './detector.js'

// Sixteen digits in fours (and the 19-digit tail), fifteen and fourteen as 4-6-5 and 4-6-4, or all in one; one separator throughout.
// The digits of a decimal fraction, and of anything that goes on in letters (hexadecimal ids), are no card.
const candidate = new RegExp(
  String.raw`${wordStart}(?<!\d\.)(?:\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?|\d{4}([ -])\d{6}\2\d{4,5}|\d{13,19})(?![0-9A-Za-z]|\.\d)`,
  'g',
)
/** Necessary for the above, and quick: no clock of these decades starts with 2 to 6. */
const anyRun = /[2-6]\d{3}[ -]?\d{4,6}[ -]?\d{4}|1[29]20\d{11}/

/** Issuer prefixes with the lengths that the issuer gives out (ISO/IEC 7812 ranges as the schemes publish them). */
const issuers: readonly { prefix: RegExp; lengths: readonly number[] }[] = [
  { prefix: /^4/, lengths: [13, 16, 19] }, // Visa
  { prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] }, // Mastercard
  { prefix: /^3[47]/, lengths: [15] }, // American Express
  { prefix: /^(?:6011|64[4-9]|65)/, lengths: [16, 19] }, // Discover
  { prefix: /^(?:30[0-5]|3095|36|38|39)/, lengths: [14, 16] }, // Diners Club
  { prefix: /^35(?:2[89]|[3-8])/, lengths: [16, 19] }, // JCB
  { prefix: /^62/, lengths: [16, 17, 18, 19] }, // UnionPay
  { prefix: /^220[0-4]/, lengths: [16] }, // Mir
  { prefix: /^(?:5018|5019|5020|5038|5612|5893|6304|6390|6759|676[1-3])/, lengths: [13, 14, 15, 16, 17, 18, 19] }, // Maestro, Dankort
  { prefix: /^1[29]20/, lengths: [15] }, // UATP (AirPlus)
]

/** Payment card numbers: issuer prefix, that issuer's length, and the Luhn sum, since one in ten digit runs passes Luhn alone. */
export const creditCard: Detector = {
  shortest: 13,
  find: (text) => (!anyRun.test(text) ? noHits : matches(text, candidate, isCard)),
}

function isCard(match: string): boolean {
  const digits = match.replace(/\D/g, '')
  return (
    issuers.some(({ prefix, lengths }) => lengths.includes(digits.length) && prefix.test(digits)) && passesLuhn(digits)
  )
}

/** ISO/IEC 7812-1 annex B: from the right every second digit doubled, digit sum divisible by ten. */
function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    sum += i % 2 === 0 ? digit : digit < 5 ? digit * 2 : digit * 2 - 9
  }
  return sum % 10 === 0
}
