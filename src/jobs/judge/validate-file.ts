import type { Readable } from 'node:stream'
import { exitCodes, PilotError } from '../../core/errors.js'
import { mergeJudged } from '../../core/eval/merge-judged.js'
import { type JudgedItem, type JudgeFigures, validateJudge } from '../../core/eval/validate-judge.js'
import type { LineProblem } from '../../core/ingest-report.js'
import { readJudged } from '../../formats/judged.js'
import { readFileRows } from '../read-rows.js'

/** The figures of a judge by a file of labels and verdicts, with no pilot around it. */
export async function validateFile(
  path: string,
  { positive, world }: { positive: string | undefined; world: { stdin: Readable; cwd: string } },
): Promise<{ figures: JudgeFigures; judged: JudgedItem[]; problems: LineProblem[] }> {
  const rows: JudgedItem[] = []
  const problems: LineProblem[] = []
  for await (const entry of readFileRows(path, world)) {
    const read = 'problem' in entry ? entry.problem : readJudged(entry.row)
    if (typeof read === 'string') problems.push({ line: entry.line, message: read })
    else rows.push(read)
  }
  const judged = mergeJudged(rows)
  const figures = validateJudge(judged, positive)
  if (figures === undefined)
    throw new PilotError(
      `${path} holds no labelled item: ${problems[0] ? `line ${problems[0].line}: ${problems[0].message}` : rows.length === 0 ? 'it has no rows' : 'human is empty in every row'}.`,
      {
        hint: 'Rows are {item, human, judge}, with judge_swapped, slice, length and human_2 where there are any, as JSON lines or CSV.',
        exitCode: exitCodes.io,
      },
    )
  refuseUnknownLabel(figures, positive)
  return { figures, judged, problems }
}

/** Throws `PilotError` for a positive label that nobody gave. */
export function refuseUnknownLabel({ labels }: JudgeFigures, positive: string | undefined): void {
  if (positive === undefined || labels.includes(positive)) return
  throw new PilotError(`Nobody gave the label ${JSON.stringify(positive)}.`, {
    hint: `--positive takes one of ${labels.map((label) => JSON.stringify(label)).join(', ')}.`,
  })
}
