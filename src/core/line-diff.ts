/** A line of a diff: in both texts, only in the first, or only in the second. */
export interface DiffLine {
  sign: ' ' | '-' | '+'
  text: string
}

/** Changed lines with those around them; lines are counted from 1, and a side without lines begins where they would stand. */
export interface Hunk {
  a: { start: number; lines: number }
  b: { start: number; lines: number }
  lines: DiffLine[]
}

/** How many lines may differ on either side: the table has the product of both. */
const mostLines = 2000

/** The fewest lines to take out of one text and put in to get the other (longest common subsequence); undefined beyond 2,000 lines that differ. */
export function diffLines(a: readonly string[], b: readonly string[]): DiffLine[] | undefined {
  let before = 0
  while (before < a.length && before < b.length && a[before] === b[before]) before += 1
  let after = 0
  while (after < a.length - before && after < b.length - before && a.at(-1 - after) === b.at(-1 - after)) after += 1
  const [from, to] = [a.slice(before, a.length - after), b.slice(before, b.length - after)]
  if (from.length > mostLines || to.length > mostLines) return undefined
  const same = (text: string): DiffLine => ({ sign: ' ', text })
  return [...a.slice(0, before).map(same), ...differing(from, to), ...a.slice(a.length - after).map(same)]
}

function differing(a: readonly string[], b: readonly string[]): DiffLine[] {
  const width = b.length + 1
  // Cell (i, j): how long the longest common subsequence of what follows line i of a and line j of b is.
  const common = new Uint16Array((a.length + 1) * width)
  const at = (i: number, j: number) => common[i * width + j]!
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ sign: ' ', text: a[i]! })
      i += 1
      j += 1
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1)))
      lines.push({ sign: '-', text: a[i++]! })
    else lines.push({ sign: '+', text: b[j++]! })
  }
  return lines
}

/** The changes of a diff with at most three lines before and after each, as a unified diff shows them. */
export function hunksOf(lines: readonly DiffLine[]): Hunk[] {
  const context = 3
  const hunks: Hunk[] = []
  let [begin, end] = [-1, -1]
  const close = () => {
    if (begin !== -1) hunks.push(hunkOf(lines, begin, Math.min(lines.length, end + context + 1)))
  }
  for (const [at, { sign }] of lines.entries()) {
    if (sign === ' ') continue
    if (begin === -1 || at - end > 2 * context + 1) {
      close()
      begin = Math.max(0, at - context)
    }
    end = at
  }
  close()
  return hunks
}

function hunkOf(all: readonly DiffLine[], begin: number, end: number): Hunk {
  const lines = all.slice(begin, end)
  const side = (other: '+' | '-') => {
    const count = lines.filter(({ sign }) => sign !== other).length
    const before = all.slice(0, begin).filter(({ sign }) => sign !== other).length
    return { start: count === 0 ? before : before + 1, lines: count }
  }
  return { a: side('+'), b: side('-'), lines }
}
