import { isUtf8 } from 'node:buffer'
import type { Json } from '../core/span.js'
import type { Block } from './blocks.js'
import { parseExact } from './json.js'

/** One record of an export by the line where it begins (1-based), or what is wrong there. */
export type Framed = { line: number; bytes: number; value: Json } | { line: number; offset: number; problem: string }

/** What a file was made of. For JSON lines `lines = parsed + rejected + blank + pending`. */
export interface RecordTotals {
  lines: number
  blank: number
  /** Lines (or values) that are JSON. */
  parsed: number
  rejected: number
  /** 1 when the last line breaks off: the file is still being written. */
  pending: number
  /** Records in which invalid UTF-8 was replaced by U+FFFD. */
  replacedUtf8: number
}

export function noTotals(): RecordTotals {
  return { lines: 0, blank: 0, parsed: 0, rejected: 0, pending: 0, replacedUtf8: 0 }
}

/** The totals of two pieces of one file. */
export function addTotals(a: RecordTotals, b: RecordTotals): RecordTotals {
  return {
    lines: a.lines + b.lines,
    blank: a.blank + b.blank,
    parsed: a.parsed + b.parsed,
    rejected: a.rejected + b.rejected,
    pending: a.pending + b.pending,
    replacedUtf8: a.replacedUtf8 + b.replacedUtf8,
  }
}

/** The records of one block; lines count from the block's own first line. */
export function parseBlock(block: Block): { framed: Framed[]; totals: RecordTotals } {
  const totals = noTotals()
  const framed = block.shape === 'lines' ? parseLines(block, totals) : parseCuts(block, totals)
  return { framed, totals }
}

function parseLines({ bytes, isLast }: Extract<Block, { shape: 'lines' }>, totals: RecordTotals): Framed[] {
  const found: Framed[] = []
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let start = 0; start < buffer.length; ) {
    const end = buffer.indexOf(0x0a, start)
    const line = buffer.subarray(start, end === -1 ? buffer.length : end)
    start = end === -1 ? buffer.length : end + 1
    totals.lines += 1
    const parsed = parseExact(line.toString('utf8'))
    if ('value' in parsed) keep(found, totals, parsed.value, { line: totals.lines, bytes: line })
    else if (isBlank(line)) totals.blank += 1
    else if (isLast && end === -1 && parsed.fault.endsEarly) totals.pending = 1
    else {
      const { offset, reason } = parsed.fault
      reject(found, totals, totals.lines, offset, `${reason} (byte ${offset} of the line)`)
    }
  }
  return found
}

function parseCuts({ cuts, lines }: Extract<Block, { shape: 'cuts' }>, totals: RecordTotals): Framed[] {
  const found: Framed[] = []
  totals.lines = lines
  for (const cut of cuts) {
    if ('problem' in cut) {
      reject(found, totals, cut.line, cut.offset, `${cut.problem} (byte ${cut.offset})`)
      continue
    }
    const { buffer, byteOffset, byteLength } = cut.text
    const parsed = parseExact(Buffer.from(buffer, byteOffset, byteLength).toString('utf8'))
    if ('value' in parsed) keep(found, totals, parsed.value, { line: cut.line, bytes: cut.text })
    else {
      const offset = cut.offset + parsed.fault.offset
      reject(found, totals, cut.line, offset, `${parsed.fault.reason} (byte ${offset})`)
    }
  }
  return found
}

function reject(found: Framed[], totals: RecordTotals, line: number, offset: number, problem: string): void {
  totals.rejected += 1
  found.push({ line, offset, problem })
}

function keep(found: Framed[], totals: RecordTotals, value: Json, from: { line: number; bytes: Uint8Array }): void {
  totals.parsed += 1
  if (!isUtf8(from.bytes)) totals.replacedUtf8 += 1
  push(found, value, from.line, from.bytes.length)
}

/** A list on one line holds one record an item. */
function push(found: Framed[], value: Json, line: number, bytes: number): void {
  if (!Array.isArray(value)) found.push({ line, bytes, value })
  else for (const item of value) push(found, item, line, Math.ceil(bytes / value.length))
}

function isBlank(line: Buffer): boolean {
  for (const byte of line) if (byte !== 0x20 && byte !== 0x0d && byte !== 0x09) return false
  return true
}
