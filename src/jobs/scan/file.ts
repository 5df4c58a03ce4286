import { StringDecoder } from 'node:string_decoder'
import type { DetectorName } from '../../core/privacy/detectors/index.js'
import type { TextScan } from '../../core/privacy/scan-text.js'
import type { FileFinding } from '../../core/scan-findings.js'
import { overlappingPieces } from '../../io/overlapping.js'

/** What is looked for is shorter: a private key of 8,192 bits has some 6,400 characters. */
const overlap = 16_384

/**
 * Looks through a file of any kind as UTF-8, a piece at a time. Pieces share their ends, so that what lies across two of them is
 * found, once.
 */
export function scanFile(path: string, shown: string, scan: TextScan, onBytes: (bytes: number) => void): FileFinding[] {
  const decoder = new StringDecoder('utf8')
  const findings = new Map<DetectorName, FileFinding>()
  let text = ''
  /** Where in `text` hits begin that were not looked at before. */
  let from = 0
  let line = 1
  const look = (isLast: boolean) => {
    const to = isLast ? text.length : text.length - overlap
    if (to <= from && !isLast) return
    const hits = scan(text).filter(({ start }) => start >= from && start < to)
    for (const { detector, start, end } of hits) {
      const length = end - start
      const finding = findings.get(detector)
      if (finding === undefined) {
        const at = line + lines(text, start)
        findings.set(detector, { detector, file: shown, line: at, hits: 1, lengths: { min: length, max: length } })
        continue
      }
      finding.hits += 1
      finding.lengths = { min: Math.min(length, finding.lengths.min), max: Math.max(length, finding.lengths.max) }
    }
    // What was looked at stays before the next piece, since what stands before a hit is part of it.
    const cut = Math.max(0, to - overlap)
    line += lines(text, cut)
    text = text.slice(cut)
    from = to - cut
  }
  for (const { fresh, offset, piece } of overlappingPieces(path, 0)) {
    text += decoder.write(fresh)
    look(false)
    onBytes(offset + piece.length)
  }
  text += decoder.end()
  look(true)
  return [...findings.values()]
}

/** Line breaks before a place. */
function lines(text: string, end: number): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count += 1
  return count
}
