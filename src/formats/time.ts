import type { Json } from '../core/span.js'

/** Epoch nanoseconds to the last digit, from a string of digits or a number; undefined for 0, absent and anything else. */
export function readNanos(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return isDigits(value) && !/^0+$/.test(value) ? value : undefined
  if (typeof value !== 'number' || !Number.isInteger(value) || value <= 0 || value >= 1e21) return undefined
  return String(value)
}

/** Epoch milliseconds with microsecond fractions. The digits are split before they become a double, which holds only 16. */
export function msOfNanos(digits: string): number {
  const whole = digits.length > 6 ? Number(digits.slice(0, -6)) : 0
  return whole + Math.round(Number(digits.slice(-6)) / 1000) / 1000
}

/** Epoch milliseconds of an ISO 8601 date and time; without a zone it is UTC. Undefined for anything else, and for dates that do not exist. */
export function msOfIso(text: string): number | undefined {
  const match = isoTime.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hours = '0', minutes = '0', seconds = '0', fraction = '', zone = 'Z'] = match
  const days = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  if (days.getUTCMonth() !== Number(month) - 1 || days.getUTCDate() !== Number(day)) return undefined
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 60) return undefined
  const micros = Math.round(Number(fraction.padEnd(9, '0').slice(0, 9)) / 1000)
  const time = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
  return days.getTime() + time - offsetMs(zone) + micros / 1000
}

const isoTime =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?\s?(Z|z|[+-]\d\d:?\d\d|[+-]\d\d)?)?$/

function offsetMs(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', ''))
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}

function isDigits(text: string): boolean {
  return text.length > 0 && text.length <= 20 && /^\d+$/.test(text)
}

/**
 * A moment as exports write it: ISO 8601 (UTC where it names no zone), RFC 1123, or a number since 1970 whose size tells seconds,
 * milliseconds, microseconds and nanoseconds apart (1e11 s is the year 5138); digits in text count. Empty for anything else.
 */
export function readMoment(value: Json | undefined): { ms?: number; ns?: string } {
  if (typeof value === 'string') {
    const text = value.trim()
    if (!/^\d{9,20}(\.\d+)?$/.test(text)) return known(msOfIso(text) ?? msOfHttpDate(text))
    if (text.length >= 18 && isDigits(text)) return { ms: msOfNanos(text), ns: text }
    return known(msOfEpoch(Number(text)))
  }
  if (typeof value !== 'number') return {}
  if (value < 1e17 || !Number.isFinite(value)) return known(msOfEpoch(value))
  const ns = readNanos(value)
  return ns === undefined ? {} : { ms: msOfNanos(ns), ns }
}

/** As `readMoment`, in epoch milliseconds alone. */
export function msOfMoment(value: Json | undefined): number | undefined {
  return readMoment(value).ms
}

const known = (ms: number | undefined): { ms?: number } => (ms === undefined ? {} : { ms })

function msOfEpoch(value: number): number | undefined {
  if (!Number.isFinite(value) || value <= 0) return undefined
  if (value < 1e11) return roundToMicros(value * 1000)
  if (value < 1e14) return value
  return roundToMicros(value < 1e17 ? value / 1000 : value / 1e6)
}

/** Seconds as a double hold microseconds; what lies below is noise. */
function roundToMicros(ms: number): number {
  return Math.round(ms * 1000) / 1000
}

const httpDate = /^(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) (?:GMT|UTC)$/
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function msOfHttpDate(text: string): number | undefined {
  const [, day, name, year, clock] = httpDate.exec(text) ?? []
  const month = months.indexOf(name ?? '') + 1
  return month === 0
    ? undefined
    : msOfIso(`${year}-${String(month).padStart(2, '0')}-${day!.padStart(2, '0')}T${clock}Z`)
}
