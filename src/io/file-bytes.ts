import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PilotError } from '../core/errors.js'
import { decompress } from './decompress.js'
import { headBytes, refuseKnown } from './signatures.js'

/**
 * Reads all of a file, unpacked where it is gzip or zstd. Says why, where it could not be read to its end, or is of a kind that may
 * hold packed data: then its bytes are read as they are.
 */
export async function readBytes(path: string, take: (chunk: Uint8Array) => void): Promise<string | undefined> {
  const { chunks, outcome } = decompress(createReadStream(path, { highWaterMark: 256 * 1024 }))
  let packed: string | undefined
  try {
    let isFirst = true
    for await (const chunk of chunks) {
      if (isFirst) packed = kindOf(chunk)
      isFirst = false
      take(chunk)
    }
  } catch (error) {
    if (error instanceof PilotError) return error.message
    if (error instanceof Error && 'code' in error) return `Cannot read it: ${error.code}.`
    throw error
  }
  const ended = outcome()
  return ended.complete ? packed : ended.reason
}

function kindOf(chunk: Buffer): string | undefined {
  try {
    refuseKnown(chunk.subarray(0, headBytes), 'It')
    return undefined
  } catch (error) {
    if (error instanceof PilotError) return error.message
    throw error
  }
}

/**
 * Every regular file in a folder, those below it too unless `isFlat`, in order of name. Links are not followed. Throws `PilotError`
 * (exit 3) for a folder that cannot be read.
 */
export async function filesIn(folder: string, { isFlat }: { isFlat: boolean }): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new PilotError(`Cannot read the folder ${folder}: ${error.code}.`, {
      hint: 'Check its permissions.',
      exitCode: 3,
    })
  })
  const files: string[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isFile()) files.push(path)
    else if (entry.isDirectory() && !isFlat) files.push(...(await filesIn(path, { isFlat })))
  }
  return files
}
