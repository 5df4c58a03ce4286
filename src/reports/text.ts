/**
 * What could drive a terminal or hide in it: control, bidirectional, zero-width and separator characters, lone surrogates.
 * The two variation selectors that only choose between text and emoji are left alone.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?![\ufe0e\ufe0f])\p{Default_Ignorable_Code_Point}/gu

/** Untrusted text with every such character shown as `\u{…}`. With `lines`, line breaks and tabs stay. */
export function visible(text: string, keep?: 'lines'): string {
  if (keep === undefined) return text.replace(unseen, escaped)
  return text
    .replaceAll('\r\n', '\n')
    .replace(unseen, (char) => (char === '\n' || char === '\t' ? char : escaped(char)))
}

function escaped(char: string): string {
  return `\\u{${char.codePointAt(0)?.toString(16)}}`
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
const plain = /^[\x20-\x7e]*$/
const emoji = /\p{Emoji_Presentation}|\p{Emoji}\ufe0f/u
const without = /[\p{Mn}\p{Me}\u1160-\u11ff]/u
/** East Asian Wide and Fullwidth, by block (Unicode TR 11). */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u

/** How many terminal columns visible text takes. */
export function columns(text: string): number {
  if (plain.test(text)) return text.length
  let sum = 0
  for (const { segment } of graphemes.segment(text)) sum += graphemeColumns(segment)
  return sum
}

function graphemeColumns(grapheme: string): number {
  if (emoji.test(grapheme)) return 2
  let sum = 0
  for (const char of grapheme) sum += without.test(char) ? 0 : wide.test(char) ? 2 : 1
  return sum
}

/** Untrusted text made visible and cut to at most `width` columns, whole graphemes only, with `…` where something is missing. */
export function clip(text: string, width: number): string {
  const shown = thinned(visible(text))
  const [head, rest] = splitAt(shown, width)
  return rest === '' ? head : `${splitAt(shown, width - 1)[0]}…`
}

/** Untrusted text made visible, in lines of at most `width` columns: broken where it breaks, at spaces, else anywhere. */
export function wrap(text: string, width: number): string[] {
  return thinned(visible(text, 'lines'))
    .replaceAll('\t', '  ')
    .split('\n')
    .flatMap((line) => wrapLine(line, Math.max(2, width)))
}

/** No script puts more than a few marks on a letter; a tower of them is cut, since it takes no columns and any number of rows. */
function thinned(text: string): string {
  return text.replace(/(\p{M}{8})\p{M}+/gu, '$1…')
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = []
  let rest = line
  for (;;) {
    const [head, tail] = splitAt(rest, width)
    if (tail === '') return [...lines, head]
    const space = tail.startsWith(' ') ? head.length : head.lastIndexOf(' ')
    const cut = space > 0 ? space : head.length
    lines.push(rest.slice(0, cut).trimEnd())
    rest = rest.slice(cut).trimStart()
  }
}

/** The longest beginning of whole graphemes that fits into `width` columns, and the rest. Looks no further than it must. */
function splitAt(text: string, width: number): [string, string] {
  const near = text.slice(0, width * 24)
  let taken = 0
  for (const { segment, index } of graphemes.segment(near)) {
    taken += graphemeColumns(segment)
    const mayGoOn = index + segment.length === near.length && near.length < text.length
    if (taken > width || (mayGoOn && index > 0)) return [text.slice(0, index), text.slice(index)]
  }
  return [near, text.slice(near.length)]
}
