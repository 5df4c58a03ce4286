import type { Readable } from 'node:stream'
import { exitCodes, PilotError } from '../../core/errors.js'
import { type Comparison, compareCases, type NonInferiority, withLost } from '../../core/eval/compare.js'
import { pairResults } from '../../core/eval/pair-results.js'
import type { LineProblem } from '../../core/ingest-report.js'
import { seededRandom } from '../../core/seeded-random.js'
import { readCompared, type VersionResult } from '../../formats/compared.js'
import { readFileRows } from '../read-rows.js'

interface FileOptions {
  margin: number | undefined
  seed: number
  /** Of this check only. */
  check: string | undefined
  world: { stdin: Readable; cwd: string }
}

export interface ComparedFile {
  comparison: Comparison
  problems: LineProblem[]
  /** What the margin says if each case that B has no result of had failed. */
  ifLost: NonInferiority | undefined
  /** Whether passes came several times for a case, so that they are averaged. */
  isRepeated: boolean
}

/** Compares the two versions of a file of results, with no pilot around it. */
export async function compareFile(path: string, { margin, seed, check, world }: FileOptions): Promise<ComparedFile> {
  const results: VersionResult[] = []
  const checks = new Set<string | undefined>()
  const problems: LineProblem[] = []
  for await (const entry of readFileRows(path, world)) {
    const read = 'problem' in entry ? entry.problem : readCompared(entry.row)
    if (typeof read === 'string') problems.push({ line: entry.line, message: read })
    for (const result of typeof read === 'string' ? [] : read) {
      checks.add(result.check)
      if (check === undefined || result.check === check) results.push(result)
    }
  }
  if (check === undefined && checks.size > 1)
    throw new PilotError(`${path} holds results of ${checks.size} checks, which say different things.`, {
      hint: `Choose one: --check ${[...checks].filter((name) => name !== undefined).join(' | ')}. Or give each version a file of its own: pilot eval compare A B`,
    })
  const { cases, isBinary } = pairResults(results)
  const comparison = compareCases(cases, { isBinary, margin, random: seededRandom(seed) })
  if (comparison === undefined)
    throw new PilotError(
      `${path} holds no case with a result of both versions: ${reasonFor(problems, cases.length)}.`,
      {
        hint: 'Rows are {case, a, b}, or {case, run, version: A or B, pass or score}, as JSON lines or CSV.',
        exitCode: exitCodes.io,
      },
    )
  const lost = withLost(cases)
  const ifLost = comparison.unpaired === 0 ? comparison : compareCases(lost, { isBinary, margin, random: undefined })
  return {
    comparison,
    problems,
    ifLost: ifLost?.nonInferiority,
    isRepeated: !isBinary && results.every((result) => result.isBinary),
  }
}

function reasonFor([first]: readonly LineProblem[], cases: number): string {
  if (first !== undefined) return `line ${first.line}: ${first.message}`
  return cases === 0 ? 'it has no rows' : `of ${cases} cases each lacks one`
}
