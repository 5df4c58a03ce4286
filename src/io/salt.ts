import { createHmac, randomBytes } from 'node:crypto'
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { PilotError } from '../core/errors.js'

/**
 * The keyed hash of this pilot: equal values give equal tokens in traces, requests and feedback, and nobody without the
 * salt can test a guess. The salt stands beside the database, never in it; it is made on first use (0600).
 */
export function loadHash(saltPath: string): (value: string) => string {
  return hashWith(readSalt(saltPath) ?? makeSalt(saltPath))
}

/** As `loadHash`, to look for what was hashed: undefined where no salt was made, so that nothing was. */
export function loadHashIfAny(saltPath: string): ((value: string) => string) | undefined {
  const salt = readSalt(saltPath)
  return salt && hashWith(salt)
}

/** A keyed hash for values that are shown and never stored: nothing is written, and its tokens match no others. */
export function throwAwayHash(): (value: string) => string {
  return hashWith(randomBytes(32))
}

/** A token stays as it is, so that what was hashed before (in an export of pilot's own) still joins. */
function hashWith(salt: Buffer): (value: string) => string {
  return (value) =>
    isToken.test(value) ? value : `hash:${createHmac('sha256', salt).update(value).digest('hex').slice(0, 16)}`
}

const isToken = /^hash:[0-9a-f]{16}$/

function readSalt(path: string): Buffer | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8').trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new PilotError(`Cannot read the salt ${path}.`, { hint: 'Check its permissions.', exitCode: 3 })
  }
  if (/^[0-9a-f]{64}$/.test(text)) return Buffer.from(text, 'hex')
  throw new PilotError(`The salt ${path} is damaged.`, {
    hint: 'Restore it from a copy: with another salt, hashes no longer match those in the store.',
    exitCode: 3,
  })
}

/** Written beside its place and linked into it when it is whole: a kill must not leave half a salt, which nothing could repair. */
function makeSalt(path: string): Buffer {
  const salt = randomBytes(32)
  const directory = dirname(path)
  if (mkdirSync(directory, { recursive: true, mode: 0o700 }) !== undefined) chmodSync(directory, 0o700)
  const made = `${path}.${randomBytes(6).toString('hex')}`
  try {
    writeFileSync(made, `${salt.toString('hex')}\n`, { flag: 'wx', mode: 0o600 })
    linkSync(made, path)
    return salt
  } catch (error) {
    // Another ingest made it a moment ago: then that one is the salt.
    const other = error instanceof Error && 'code' in error && error.code === 'EEXIST' ? readSalt(path) : undefined
    if (other) return other
    throw new PilotError(`Cannot write the salt ${path}.`, {
      hint: 'Check the permissions of its folder.',
      exitCode: 3,
    })
  } finally {
    rmSync(made, { force: true })
  }
}
