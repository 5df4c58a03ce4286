/** How a value is written in a slice of a file that reads as it: in words for a report. */
export function spellingOf(slice: Uint8Array, value: string): string {
  const text = new TextDecoder('latin1').decode(slice)
  if (text === value) return 'plain'
  if (text.includes('\0')) return 'UTF-16'
  if (/%25/.test(text)) return 'URL-encoded twice'
  if (/%[0-9a-f]{2}/i.test(text)) return 'URL-encoded'
  if (/\\\\+[ux]/.test(text)) return 'JSON-escaped twice'
  if (/\\[ux]/.test(text)) return 'JSON-escaped'
  if (/&(?:#|amp;)?\w+;/.test(text)) return 'HTML entities'
  if (/[^\0-\x7f]/.test(text)) return 'hidden or full-width characters'
  return text.toLowerCase() === value.toLowerCase() ? 'in another case' : 'regrouped'
}
