import { closeSync, constants, openSync, readSync } from 'node:fs'

const pieceBytes = 1024 * 1024

/** The bytes of a file in pieces that begin with the last `overlap` bytes of the piece before. A link is not followed. */
export function* overlappingPieces(
  path: string,
  overlap: number,
): Generator<{ piece: Buffer; offset: number; fresh: Buffer }> {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    let before: Buffer = Buffer.alloc(0)
    for (let read = 0; ; ) {
      const buffer = Buffer.allocUnsafe(pieceBytes + before.length)
      before.copy(buffer)
      const taken = readSync(file, buffer, before.length, pieceBytes, read)
      if (taken === 0) return
      const piece = buffer.subarray(0, before.length + taken)
      yield { piece, offset: read - before.length, fresh: piece.subarray(before.length) }
      read += taken
      before = piece.subarray(Math.max(0, piece.length - overlap))
    }
  } finally {
    closeSync(file)
  }
}
