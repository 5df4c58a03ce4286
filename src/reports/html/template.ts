import { visible } from '../text.js'

/** Markup of ours; everything else is text. */
export interface Html {
  markup: string
}

type Value = string | number | Html | readonly Html[]

/** Markup in which every value is text, unless it is markup of ours itself. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { markup: parts.map((part, index) => part + (index < values.length ? markupOf(values[index]!) : '')).join('') }
}

function markupOf(value: Value): string {
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value))
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}

/** Text as it reads, with whatever steers a screen shown as what it is. */
function escapeText(text: string): string {
  return visible(text).replaceAll(/[&<>"'`]/g, (char) => entities[char]!) // the pattern has these keys
}
