/** Bytes pulled from a stream in sizes that the caller wants, whatever sizes they arrive in. */
export interface ByteReader {
  /** The next `size` bytes without taking them; fewer only where the stream ends. */
  peek(size: number): Promise<Buffer>
  /** Exactly `size` bytes; undefined, and nothing taken, where the stream ends before. */
  take(size: number): Promise<Buffer | undefined>
  /** Whatever comes next, at most `most` bytes; undefined at the end. */
  next(most?: number): Promise<Buffer | undefined>
  /** Puts bytes back in front: the next call meets them first. */
  unread(bytes: Buffer): void
  /** Bytes taken so far, less those put back. */
  taken(): number
  /** All that is left; closes the stream when the caller stops. */
  rest(): AsyncGenerator<Buffer>
  /** Tells the stream that no more is wanted. */
  close(): Promise<void>
}

export function byteReader(chunks: AsyncIterable<Buffer>): ByteReader {
  const iterator = chunks[Symbol.asyncIterator]()
  let waiting: Buffer[] = []
  let taken = 0

  async function gather(size: number): Promise<Buffer> {
    const parts: Buffer[] = []
    let length = 0
    while (length < size) {
      const part = await pull()
      if (part === undefined) break
      parts.push(part)
      length += part.length
    }
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
  }

  async function pull(): Promise<Buffer | undefined> {
    for (;;) {
      const first = waiting.shift()
      if (first !== undefined) return first
      const next = await iterator.next()
      if (next.done) return undefined
      if (next.value.length > 0) return next.value
    }
  }

  function putBack(bytes: Buffer): void {
    if (bytes.length > 0) waiting = [bytes, ...waiting]
  }

  async function next(most = Number.POSITIVE_INFINITY): Promise<Buffer | undefined> {
    const part = await pull()
    if (part === undefined) return undefined
    if (part.length > most) putBack(part.subarray(most))
    const bytes = part.length > most ? part.subarray(0, most) : part
    taken += bytes.length
    return bytes
  }

  async function close(): Promise<void> {
    await iterator.return?.()
  }

  return {
    peek: async (size) => {
      const bytes = await gather(size)
      putBack(bytes)
      return bytes.subarray(0, size)
    },
    take: async (size) => {
      const bytes = await gather(size)
      putBack(bytes.length < size ? bytes : bytes.subarray(size))
      if (bytes.length < size) return undefined
      taken += size
      return bytes.subarray(0, size)
    },
    next,
    unread: (bytes) => {
      taken -= bytes.length
      putBack(bytes)
    },
    taken: () => taken,
    rest: async function* () {
      try {
        for (let bytes = await next(); bytes; bytes = await next()) yield bytes
      } finally {
        await close()
      }
    },
    close,
  }
}
