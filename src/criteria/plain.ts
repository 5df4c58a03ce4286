/** A number for a line of evidence: two decimals at most, none that are 0. */
export function plain(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 2 })
}

/** US dollars for a line of evidence: to the cent. */
export function dollars(usd: number): string {
  const text = Math.abs(usd).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  return `${usd < 0 ? '-' : ''}$${text}`
}
