/** What a spreadsheet runs as a formula: at the beginning of a cell, and after what some programs split cells at. */
const isFormula = /^(?:['"\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r])/
const formulaInside = /[;\t\r\n](?=['"\s]*[=+\-@\uff1d\uff0b\uff0d\uff20])/g

/** One row of a CSV file (RFC 4180) that no spreadsheet runs: an apostrophe stands before what would be a formula. Numbers stay numbers. */
export function csvRow(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function csvCell(value: string | number | undefined): string {
  if (typeof value !== 'string') return value === undefined ? '' : String(value)
  const inside = value.replace(formulaInside, "$&'")
  const safe = isFormula.test(value) ? `'${inside}` : inside
  return /[",;\t|\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
