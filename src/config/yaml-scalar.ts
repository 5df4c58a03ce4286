/** A text as one YAML scalar that reads back the same in block and flow, with everything unprintable escaped. */
export function yamlScalar(text: string): string {
  if (isPlain.test(text) && !meansOther.test(text)) return text
  return JSON.stringify(text).replaceAll(
    unprintable,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

const isPlain = /^[A-Za-z_][\w./-]*(?: [\w./-]+)*$/
/** What YAML takes for something else than text. */
const meansOther = /^(?:true|false|null|yes|no|on|off|y|n)$/i
/** Controls, separators, and what changes the direction or width of the text around it. */
const unprintable = /[\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g

/** Texts as a flow sequence: `[a, "b, c"]`. */
export function yamlList(texts: readonly string[]): string {
  return `[${texts.map(yamlScalar).join(', ')}]`
}
