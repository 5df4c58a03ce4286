/** A text of a judge or a command as a reason: one line of at most 300 characters. */
export function oneLine(text: string): string {
  const line = text.slice(0, 3000).trim().replaceAll(/\s+/g, ' ')
  return (line.length > 300 ? `${line.slice(0, 299)}…` : line).toWellFormed()
}
