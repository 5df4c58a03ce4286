import { PilotError } from '../core/errors.js'
import { utf16Of } from './utf8.js'

/** How many bytes of the start of a file tell what it is. */
export const headBytes = 4096

/** Throws `PilotError` (exit 3) where the first bytes of a file are not text, with what it looks like. */
export function refuseBinary(head: Buffer, subject: string): void {
  refuseKnown(head, subject)
  if (isCollectorFrame(head))
    throw new PilotError(`${subject} holds binary messages of the OpenTelemetry Collector's file exporter.`, {
      hint: 'Set "format: json" and no "compression" in that exporter, and record again.',
      exitCode: 3,
    })
  if (utf16Of(head) !== undefined || !isBinary(head)) return
  throw new PilotError(`${subject} is a binary file, not text.`, {
    hint: 'Export it as JSONL or CSV. If it is UTF-16 without a mark: iconv -f UTF-16LE -t UTF-8 FILE | pilot ingest -',
    exitCode: 3,
  })
}

/** The same, for known kinds of file only: bytes that were unpacked may look binary because they are damaged. */
export function refuseKnown(head: Buffer, subject: string): void {
  const known = signatures.find(({ bytes, at = 0 }) =>
    head.subarray(at, at + bytes.length).equals(Buffer.from(bytes, 'latin1')),
  )
  if (known) throw new PilotError(`${subject} is ${known.name}, not text.`, { hint: known.hint, exitCode: 3 })
}

const asRows = 'Export its rows as JSONL or CSV.'
const twice = 'It was compressed twice: unpack it once.'
const unpack = (command: string) => `Unpack it: ${command} FILE | pilot ingest -`

/** What is handed in by mistake, by its first bytes (or those at an offset), one character per byte. */
const signatures: readonly { name: string; bytes: string; at?: number; hint: string }[] = [
  { name: 'a SQLite database', bytes: 'SQLite format 3\0', hint: asRows },
  { name: 'a DuckDB database', bytes: 'DUCK', at: 8, hint: asRows },
  { name: 'a Parquet file', bytes: 'PAR1', hint: asRows },
  { name: 'an Arrow file', bytes: 'ARROW1\0\0', hint: asRows },
  { name: 'an Avro file', bytes: 'Obj\x01', hint: asRows },
  { name: 'a PDF document', bytes: '%PDF-', hint: asRows },
  { name: 'a PNG image', bytes: '\x89PNG\r\n', hint: asRows },
  { name: 'a JPEG image', bytes: '\xff\xd8\xff', hint: asRows },
  {
    name: 'a zip archive or an Excel workbook',
    bytes: 'PK\x03\x04',
    hint: `${unpack('unzip -p')} (a workbook: ${asRows})`,
  },
  { name: 'a tar archive', bytes: 'ustar', at: 257, hint: unpack('tar -xOf') },
  { name: 'a bzip2 file', bytes: '1AY&SY', at: 4, hint: unpack('bzip2 -dc') },
  { name: 'an xz file', bytes: '\xfd7zXZ\0', hint: unpack('xz -dc') },
  { name: 'a 7z archive', bytes: '7z\xbc\xaf\x27\x1c', hint: unpack('7z x -so') },
  { name: 'an lz4 file', bytes: '\x04\x22\x4d\x18', hint: unpack('lz4 -dc') },
  { name: 'a gzip file', bytes: '\x1f\x8b', hint: twice },
  { name: 'a zstd file', bytes: '\x28\xb5\x2f\xfd', hint: twice },
]

/**
 * With a compression or `format: proto`, the Collector writes each message after its length (4 bytes, big-endian): a
 * zstd frame, or protobuf whose first field is field 1 with a length (0x0a).
 */
function isCollectorFrame(head: Buffer): boolean {
  if (head.length < 8 || head[0] !== 0) return false
  const size = head.readUInt32BE(0)
  if (head.readUInt32LE(4) === 0xfd2fb528) return true
  return head[4] === 0x0a && size > 1 && (head.length >= headBytes || size <= head.length - 4)
}

/**
 * Zero bytes, and more than a twentieth control characters. A stray zero byte is a bad line, not a bad file, and so is a
 * file of zeros only: the lines after them may be good.
 */
function isBinary(head: Buffer): boolean {
  const zeros = head.filter((byte) => byte === 0).length
  if (zeros === 0 || zeros === head.length) return false
  return head.filter((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27)).length > head.length / 20
}
