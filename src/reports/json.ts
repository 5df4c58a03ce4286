/** What JSON leaves as it is and a terminal obeys or hides: C1 and DEL, bidirectional, zero-width and separator characters. */
const unseen = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]|(?![\ufe0e\ufe0f])\p{Default_Ignorable_Code_Point}/gu

/** A value as indented JSON whose strings hold no character that drives a terminal: each is a `\u` escape, so that nothing is lost. */
export function formatJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replace(unseen, escapeUnits)}\n`
}

/** Values as JSON lines, escaped in the same way. */
export function formatJsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value).replace(unseen, escapeUnits)}\n`).join('')
}

function escapeUnits(char: string): string {
  return char
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}

/** An interval as `--json` prints it: [low, high], null where there is none. */
export function boundsJson(interval: { low: number; high: number } | undefined): [number, number] | null {
  return interval === undefined ? null : [interval.low, interval.high]
}
