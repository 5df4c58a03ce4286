/** Most hours of one entry: more is a slip of the keyboard, or many entries in one. */
const mostHours = 1000
const leastHours = 0.001
const mostMinutes = 10_080

// As many digits as a number has that a program wrote: a thousandth of an hour may have twenty.
const number = /^\d{1,6}(?:\.\d{1,24})?$/

/** Hours from `6.5`, `6.5h`, `90m` or `90min`, or what is wrong with the text. */
export function parseHours(text: string): number | string {
  const [, digits = '', unit = 'h'] = /^(.*?)\s*(h|m|min)?$/.exec(text.trim()) ?? []
  if (!number.test(digits)) return 'expected hours such as 6.5, or minutes such as 90m'
  const hours = unit === 'h' ? Number(digits) : Number(digits) / 60
  return hours >= leastHours && hours <= mostHours ? hours : `expected from ${leastHours} to ${mostHours} hours`
}

/** Minutes from `12` or `12.5`, or what is wrong with the text; at most a week. */
export function parseMinutes(text: string): number | string {
  const minutes = number.test(text.trim()) ? Number(text) : Number.NaN
  return minutes > 0 && minutes <= mostMinutes
    ? minutes
    : `expected minutes such as 12, more than 0 and at most ${mostMinutes}`
}
