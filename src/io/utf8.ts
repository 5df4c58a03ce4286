import { byteReader } from './byte-reader.js'

const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * The text as UTF-8 without a byte order mark. UTF-16 is decoded where a mark announces it (its lone surrogates become
 * U+FFFD); everything else passes through as it is.
 */
export async function* asUtf8(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const source = byteReader(chunks)
  const head = await source.peek(3)
  const utf16 = utf16Of(head)
  if (utf16 !== undefined) {
    yield* decode(source.rest(), utf16)
    return
  }
  if (head.equals(utf8Mark)) await source.take(3)
  yield* source.rest()
}

/** The UTF-16 encoding that a byte order mark announces. */
export function utf16Of(head: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  return undefined
}

async function* decode(chunks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding)
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }))
  yield Buffer.from(decoder.decode())
}
