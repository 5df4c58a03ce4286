import { type Detector, matches, noHits } from './detector.js'

const octet = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`
const fourOctets = String.raw`${octet}(?:\.${octet}){3}`
// Four-part version numbers read like addresses: `v1.2.3.4` and `version 1.2.3.4` are left alone, and so are longer dotted numbers.
const version4 = new RegExp(String.raw`(?<![\w.]|version[ :=]{1,3})${fourOctets}(?![\w]|\.\d)`, 'gi')
const version6 = /(?<![\w:.])[0-9a-f:]{1,39}:(?:[0-9a-f]{1,4}|\d{1,3}(?:\.\d{1,3}){3})?(?![\w:]|\.\d)/gi

/** IP addresses, version 4 and 6. */
export const ip: Detector = {
  shortest: 3,
  find(text) {
    const dotted = text.includes('.') ? matches(text, version4, () => true) : noHits
    const colons = text.includes(':') ? matches(text, version6, isVersion6) : noHits
    return colons.length === 0 ? dotted : [...dotted, ...colons]
  },
}

const tail = new RegExp(`:${fourOctets}$`)
/** RFC 4291 §2.2: eight groups of up to four hexadecimal digits, or fewer with one `::`. A digit is asked for, since `a::b` is also code. */
function isVersion6(address: string): boolean {
  const hex = address.includes('.') ? address.replace(tail, ':0:0') : address
  const halves = hex.split('::')
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  if (halves.length > 2 || !groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) || !/\d/.test(address)) return false
  return halves.length === 2 ? groups.length <= 7 : groups.length === 8
}
