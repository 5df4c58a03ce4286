import {
  backslash,
  closeBrace,
  closeBracket,
  colon,
  comma,
  isLeftover,
  isScalarByte,
  isSpace,
  newline,
  openBrace,
  openBracket,
  opensContainer,
  quote,
  startsValue,
} from './json-bytes.js'
import { addMember, type Level, nameOf, newLevel, type Place, wrap } from './level.js'

/** One JSON value cut out of a stream of bytes, as text; or the place where the stream stops being JSON. */
export type Cut = (Place & { text: Uint8Array }) | (Place & { problem: string })

/** With the place of the first byte. */
export interface CutterOptions extends Place {
  /** What stands under these keys (with a `/` before it: at the top alone) holds records, so that its parent can be split there. */
  containers: ReadonlySet<string>
  maxRecordBytes: number
}

/** Records of one container that are handed on together, wrapped in their parents once. */
const bytesPerWrapper = 256 * 1024

/** How often a broken value is looked behind; a file of nothing but those would take quadratic time. */
const mostRecoveries = 20

/** Containers inside containers that are split; more is no export. */
const maxLevels = 20

/**
 * Cuts JSON values out of bytes that come in pieces: values one after the other, with or without space, and the items of a
 * top-level array. A value over the limit is split where its records stand, each handed on inside its parents; one that
 * cannot be split is refused with its place, and skipped. Linear, no recursion, and never more than one record in memory.
 */
export function createCutter({ containers, maxRecordBytes, line, offset }: CutterOptions) {
  const tooLarge = `record over ${Math.round(maxRecordBytes / 1048576)} MiB`
  let levels: Level[] = []
  let cuts: Cut[] = []
  // The value that is being captured.
  let pieces: Buffer[] = []
  let captured = 0
  let isCapturing = false
  let isDropping = false
  let depth = 0
  let inString = false
  let isEscaped = false
  let isScalar = false
  let start = { line, offset }
  // Items that wait for their wrapper.
  let items: Uint8Array[] = []
  let itemBytes = 0
  let itemsAt = { line, offset }
  let isLost = false
  // A container was lost with its place: the separators and ends that belonged to it are no new faults.
  let hasLostLevels = false
  let lastByte = newline

  function feed(bytes: Buffer): Cut[] {
    read(bytes)
    return take()
  }

  function read(bytes: Buffer): void {
    let index = 0
    while (index < bytes.length)
      index = isLost ? findAnchor(bytes, index) : isCapturing ? capture(bytes, index) : structure(bytes, index)
  }

  function end(): Cut[] {
    finish()
    for (let tries = 0; isCapturing && !isDropping; tries++) {
      cuts.push({ ...start, problem: 'the text ends inside a value' })
      const behind = levels.length === 0 && tries < mostRecoveries ? behindBroken() : undefined
      reset()
      if (!behind) break
      ;({ line, offset } = behind)
      read(behind.bytes)
      finish()
    }
    const isTold = isDropping || levels.some(({ isRefused }) => isRefused)
    if (levels.length > 0 && !isTold) cuts.push({ line, offset, problem: 'the text ends inside a list or object' })
    reset()
    return take()
  }

  function finish(): void {
    if (isCapturing && isScalar && depth === 0) close()
    flush()
  }

  /** A value without its end has swallowed what comes after it: on at the next line in it that begins like a value. */
  function behindBroken(): { bytes: Buffer; line: number; offset: number } | undefined {
    const bytes = Buffer.concat(pieces)
    let lineBreaks = 0
    for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) {
      lineBreaks += 1
      if (at + 1 < bytes.length && opensContainer(bytes[at + 1]!))
        return { bytes: bytes.subarray(at + 1), line: start.line + lineBreaks, offset: start.offset + at + 1 }
    }
    return undefined
  }

  function take(): Cut[] {
    const taken = cuts
    cuts = []
    return taken
  }

  function reset(): void {
    levels = []
    items = []
    itemBytes = 0
    drop()
  }

  function drop(): void {
    pieces = []
    captured = 0
    isCapturing = false
    isDropping = false
    depth = 0
    inString = false
    isEscaped = false
    isScalar = false
  }

  /** Between values: space, separators, keys, ends of levels, and the first byte of the next value. */
  function structure(bytes: Buffer, index: number): number {
    const byte = bytes[index]!
    const isLineStart = lastByte === newline
    advance(byte)
    if (isSpace(byte)) return index + 1
    const level = levels.at(-1)
    if (!level) return top(bytes, index)
    const mayClose = level.expects === 'separator' || level.isFresh
    if (mayClose && byte === (level.kind === '{' ? closeBrace : closeBracket)) {
      closeLevel(level)
      return index + 1
    }
    if (level.expects === 'separator' && byte === comma) {
      level.expects = level.kind === '{' ? 'key' : 'value'
      return index + 1
    }
    if (level.expects === 'colon' && byte === colon) {
      level.expects = 'value'
      return index + 1
    }
    const fits = level.expects === 'value' ? startsValue(byte) : level.expects === 'key' && byte === quote
    if (!fits) {
      lose(
        `expected ${level.expects === 'separator' ? `, or ${level.kind === '{' ? '}' : ']'}` : `a ${level.expects}`}`,
      )
      isLost = !(isLineStart && opensContainer(byte))
      return isLost ? index + 1 : top(bytes, index)
    }
    level.isFresh = false
    if (byte === openBracket && level.kind === '{' && mayHoldRecords(level)) {
      open('[')
      return index + 1
    }
    return begin(bytes, index)
  }

  /** A byte (already advanced over) that stands in no container. */
  function top(bytes: Buffer, index: number): number {
    const byte = bytes[index]!
    if (byte !== openBracket && startsValue(byte)) return begin(bytes, index)
    if (byte === openBracket) open('[')
    else if (!hasLostLevels || !isLeftover(byte)) lose('expected a value')
    return index + 1
  }

  /** The container whose first bracket was read last. */
  function open(kind: '{' | '['): void {
    const parent = levels.at(-1)
    if (parent) parent.holdsRecords = true
    levels.push(newLevel(kind, { line, offset: offset - 1 }))
  }

  /** True when the value under the key that was read last is to be read member by member. */
  function mayHoldRecords(level: Level): boolean {
    if (level.expects !== 'value') return false
    const name = nameOf(level)
    return containers.has(name) || (levels.length === 1 && containers.has(`/${name}`))
  }

  function closeLevel(level: Level): void {
    if (level.kind === '[') flush()
    else if (!level.holdsRecords) refuse(level)
    levels.pop()
    const parent = levels.at(-1)
    if (!parent) return
    parent.expects = 'separator'
    parent.hasEmitted ||= level.hasEmitted
  }

  /** The first byte of a value (already advanced over). */
  function begin(bytes: Buffer, index: number): number {
    const byte = bytes[index]!
    start = { line, offset: offset - 1 }
    isCapturing = true
    isScalar = byte !== openBrace && byte !== openBracket && byte !== quote
    inString = byte === quote
    depth = inString || isScalar ? 0 : 1
    return capture(bytes, index, index + 1)
  }

  /** Goes on with a value from `from`; its bytes in this piece begin at `first`. */
  function capture(bytes: Buffer, first: number, from = first): number {
    for (let index = from; index < bytes.length; index++) {
      const byte = bytes[index]!
      if (isScalar && depth === 0 && !isScalarByte(byte)) {
        keep(bytes.subarray(first, index))
        close()
        return index
      }
      // What is skipped may have lost its end: a line that begins like a value is one.
      if (isDropping && lastByte === newline && opensContainer(byte)) {
        abandon()
        return index
      }
      advance(byte)
      if (inString && byte === newline) {
        lose('a string is broken off by the end of its line', start)
        return index + 1
      }
      if (inString) {
        if (isEscaped) isEscaped = false
        else if (byte === backslash) isEscaped = true
        else if (byte === quote) inString = false
      } else if (byte === quote) inString = true
      else if (opensContainer(byte)) depth += 1
      else if (byte === closeBrace || byte === closeBracket) depth -= 1
      if (depth === 0 && !inString && !isScalar) {
        if (!keep(bytes.subarray(first, index + 1))) close()
        return index + 1
      }
    }
    keep(bytes.subarray(first))
    return bytes.length
  }

  /** True when the value was too large and has been read again, member by member, to where the bytes end. */
  function keep(bytes: Buffer): boolean {
    if (isDropping) return false
    pieces.push(bytes)
    captured += bytes.length
    return captured > maxRecordBytes && splitOrRefuse()
  }

  /** The captured beginning of a value that is too large: read again member by member (true), or given up. */
  function splitOrRefuse(): boolean {
    const held = pieces
    const level = levels.at(-1)
    const isSplittable = !level || level.kind === '[' || mayHoldRecords(level)
    if (held[0]?.[0] === openBrace && isSplittable && levels.length < maxLevels) {
      ;({ line, offset } = start)
      drop()
      flush()
      advance(openBrace)
      open('{')
      // One by one, so that what was read again can be let go.
      for (let at = 1, piece = held.shift(); piece; at = 0, piece = held.shift()) read(piece.subarray(at))
      return true
    }
    if (level?.kind === '{') refuse(level)
    else cuts.push({ ...start, problem: tooLarge })
    pieces = []
    captured = 0
    isDropping = true
    return false
  }

  /** Gives up a record that is too large; one problem, however many of its members are. */
  function refuse(level: Level): void {
    if (!level.isRefused) cuts.push({ ...level.start, problem: tooLarge })
    level.isRefused = true
    level.members = Buffer.alloc(0)
  }

  /** The captured value is complete. */
  function close(): void {
    const text = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
    const [at, wasDropped] = [start, isDropping]
    drop()
    const level = levels.at(-1)
    if (!level) {
      if (!wasDropped) cuts.push({ ...at, text })
      return
    }
    if (level.kind === '[') {
      level.expects = 'separator'
      if (!wasDropped) addItem(text, at)
      return
    }
    if (level.expects === 'key') {
      level.key = text
      level.expects = 'colon'
      return
    }
    level.expects = 'separator'
    if (!wasDropped) takeMember(level, text, at)
  }

  function takeMember(level: Level, text: Buffer, at: Place): void {
    if (level.memberBytes + level.key.length + text.length > maxRecordBytes) refuse(level)
    if (level.isRefused) return
    if (level.hasEmitted && text[0] === openBrace)
      cuts.push({
        ...at,
        problem: 'stands after the records it belongs to, in a document too large to hold: not applied to them',
      })
    addMember(level, text)
  }

  function addItem(text: Buffer, at: Place): void {
    if (levels.length === 1) {
      cuts.push({ ...at, text })
      return
    }
    if (items.length === 0) itemsAt = at
    items.push(text)
    itemBytes += text.length
    if (itemBytes >= bytesPerWrapper) flush()
  }

  /** Hands the waiting items on, inside their parents. */
  function flush(): void {
    if (items.length === 0) return
    const parents = levels[0]?.kind === '[' ? levels.slice(1) : levels
    if (!parents.some(({ isRefused }) => isRefused)) cuts.push({ ...itemsAt, text: wrap(parents, items) })
    for (const parent of parents) parent.hasEmitted = true
    items = []
    itemBytes = 0
  }

  /** Where the text stops being JSON, unless that is in what is skipped, which has been told already. */
  function lose(problem: string, at: Place = { line, offset: offset - 1 }): void {
    flush()
    if (!isDropping) cuts.push({ ...at, problem: `not JSON: ${problem}` })
    abandon()
    isLost = true
  }

  function abandon(): void {
    flush()
    hasLostLevels ||= levels.length > 0
    reset()
  }

  /** After a fault: on at the next line that begins with a list or an object. */
  function findAnchor(bytes: Buffer, index: number): number {
    if (lastByte === newline && opensContainer(bytes[index]!)) {
      isLost = false
      return index
    }
    const next = bytes.indexOf(newline, index)
    const stop = next === -1 ? bytes.length : next + 1
    offset += stop - index
    if (next !== -1) line += 1
    lastByte = next === -1 ? 0 : newline
    return stop
  }

  function advance(byte: number): void {
    offset += 1
    if (byte === newline) line += 1
    lastByte = byte
  }

  return { feed, end, line: () => line }
}
