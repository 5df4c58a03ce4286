/** The bytes that JSON is made of, for what reads it without decoding it. */
export const [quote, backslash, newline, comma, colon] = [0x22, 0x5c, 0x0a, 0x2c, 0x3a]
export const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d]

export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === newline || byte === 0x0d || byte === 0x09
}

/** A list or an object begins. */
export function opensContainer(byte: number): boolean {
  return byte === openBrace || byte === openBracket
}

/** A value of any kind may begin. */
export function startsValue(byte: number): boolean {
  return opensContainer(byte) || byte === quote || isScalarByte(byte)
}

/** Digits, signs, points and letters: what numbers and words are made of. */
export function isScalarByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x2d ||
    byte === 0x2b ||
    byte === 0x2e ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a)
  )
}

/** What belongs to a container around values: separators and ends. */
export function isLeftover(byte: number): boolean {
  return byte === comma || byte === closeBrace || byte === closeBracket
}
