/** A text that is no JSON value that can be kept: where (bytes from its start) and why, without a word of the text. */
export interface JsonFault {
  offset: number
  reason: string
  /** The text breaks off, and could still become JSON: a file that is being written. */
  endsEarly: boolean
}

type Expected = 'value' | 'value or ]' | 'key or }' | 'key' | ':' | ', or }' | ', or ]' | 'nothing more'

const space = /[ \t\n\r]*/y
const token = /([{}[\]:,])|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w)/y
/** A number or word that breaks off at the end of the text. */
const unfinished = /(?:-?\d*\.?\d*(?:[eE][+-]?)?|t|tr|tru|f|fa|fal|fals|n|nu|nul)$/y

/**
 * Where a text stops being JSON, for one that JSON.parse has refused: its own message quotes the text, which may hold
 * secrets. Iterative, whatever the depth. `endsEarly` marks a text that breaks off and could still become JSON.
 */
export function locateFault(text: string): JsonFault {
  const open: ('{' | '[')[] = []
  let expected: Expected = 'value'
  let at = 0
  for (;;) {
    at = skip(space, text, at)
    const end = text[at] === '"' ? stringEnd(text, at) : skip(token, text, at)
    if (end === -1) return fault(text, at, expected, expected !== 'nothing more')
    if (end === at)
      return fault(text, at, expected, expected !== 'nothing more' && skip(unfinished, text, at) === text.length)
    const first = text[at]!
    const next = step(expected, '{}[]:,"'.includes(first) ? first : 'scalar', open)
    if (next === undefined) return fault(text, at, expected, false)
    expected = next
    at = end
  }
}

/** The index behind what the sticky pattern matches at `at`; `at` itself where it does not. */
function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}

/** The index behind the string that begins at `at`; `at` where it is none, -1 where the text ends inside it. */
function stringEnd(text: string, at: number): number {
  for (let index = at + 1; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === 0x22) return index + 1
    if (code < 0x20) return at
    if (code !== 0x5c) continue
    const escaped = /["\\/bfnrt]|u[0-9a-fA-F]{4}/y
    const end = skip(escaped, text, index + 1)
    if (end === index + 1) return /^\\(?:u[0-9a-fA-F]{0,3})?$/.test(text.slice(index, index + 6)) ? -1 : at
    index = end - 1
  }
  return -1
}

/** What may follow a token, or undefined where the token may not stand. */
function step(expected: Expected, kind: string, open: ('{' | '[')[]): Expected | undefined {
  const mayBeValue = expected === 'value' || expected === 'value or ]'
  if (kind === '{' || kind === '[') {
    if (!mayBeValue) return undefined
    open.push(kind)
    return kind === '{' ? 'key or }' : 'value or ]'
  }
  if (kind === '}' || kind === ']') {
    const closes = kind === '}' ? ['key or }', ', or }'] : ['value or ]', ', or ]']
    if (!closes.includes(expected)) return undefined
    open.pop()
    return afterValue(open)
  }
  if (kind === ':') return expected === ':' ? 'value' : undefined
  if (kind === ',') return expected === ', or }' ? 'key' : expected === ', or ]' ? 'value' : undefined
  if (kind === '"' && (expected === 'key' || expected === 'key or }')) return ':'
  return mayBeValue ? afterValue(open) : undefined
}

function afterValue(open: readonly ('{' | '[')[]): Expected {
  const container = open.at(-1)
  if (container === undefined) return 'nothing more'
  return container === '{' ? ', or }' : ', or ]'
}

function fault(text: string, at: number, expected: Expected, endsEarly: boolean): JsonFault {
  const found = at >= text.length ? 'the end' : endsEarly ? 'one that breaks off' : 'something else'
  return {
    offset: Buffer.byteLength(text.slice(0, at)),
    reason: `not JSON: expected ${expected}, found ${found}`,
    endsEarly,
  }
}
