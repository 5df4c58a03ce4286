import { colon, comma } from './json-bytes.js'

/** A place in a file: its line (from 1) and byte (from 0). */
export interface Place {
  line: number
  offset: number
}

/** A container that is read member by member, because it is the top-level array or too large to hold. */
export interface Level {
  kind: '{' | '['
  start: Place
  /** Of an object: its small members as JSON text, each with its comma, in the first `memberBytes` bytes. */
  members: Buffer
  memberBytes: number
  /** The JSON text of the key whose value is being read. */
  key: Buffer
  /** Records stand in one of its members: what becomes of them is told there. */
  holdsRecords: boolean
  /** Its records have been handed on: what comes after them came too late. */
  hasEmitted: boolean
  isRefused: boolean
  /** Nothing but its first bracket was read: it may end at once. */
  isFresh: boolean
  expects: 'key' | 'colon' | 'value' | 'separator'
}

export function newLevel(kind: '{' | '[', start: Place): Level {
  return {
    kind,
    start,
    members: Buffer.alloc(0),
    memberBytes: 0,
    key: Buffer.alloc(0),
    holdsRecords: false,
    hasEmitted: false,
    isRefused: false,
    isFresh: true,
    expects: kind === '{' ? 'key' : 'value',
  }
}

/** Keeps the member whose key was read last; into bytes that double, since a million small strings would take ten times as much. */
export function addMember(level: Level, text: Buffer): void {
  const needed = level.memberBytes + level.key.length + text.length + 2
  if (needed > level.members.length) {
    const larger = Buffer.allocUnsafe(needed * 2)
    level.members.copy(larger, 0, 0, level.memberBytes)
    level.members = larger
  }
  let at = level.memberBytes
  at += level.key.copy(level.members, at)
  at = level.members.writeUInt8(colon, at)
  at += text.copy(level.members, at)
  level.memberBytes = level.members.writeUInt8(comma, at)
}

/** The name that a key spells; its text where it is no JSON, which is told when its record is parsed. */
export function nameOf({ key }: Level): string {
  const text = key.toString('utf8')
  try {
    return String(JSON.parse(text))
  } catch {
    return text
  }
}

/** Items inside their parents, as one document: `{"resourceSpans":[{"resource":…,"scopeSpans":[{…,"spans":[items]}]}]}`. */
export function wrap(parents: readonly Level[], items: readonly Uint8Array[]): Buffer {
  const parts: Uint8Array[] = []
  for (const { kind, members, memberBytes, key } of parents) {
    parts.push(Buffer.from(kind))
    if (kind === '{') parts.push(members.subarray(0, memberBytes), key, Buffer.from(':'))
  }
  for (const [index, item] of items.entries()) parts.push(Buffer.from(index === 0 ? '' : ','), item)
  for (const { kind } of parents.toReversed()) parts.push(Buffer.from(kind === '[' ? ']' : '}'))
  return Buffer.concat(parts)
}
