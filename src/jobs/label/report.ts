import type { Readable } from 'node:stream'
import type { LoadedConfig } from '../../config/load.js'
import { isSaidItem } from '../../core/ask/standing.js'
import { exitCodes, PilotError } from '../../core/errors.js'
import type { LineProblem } from '../../core/ingest-report.js'
import type { Label } from '../../core/label.js'
import { isUnfilled, readLabel } from '../../formats/labels.js'
import { readLabels } from '../../store/labels.js'
import { readFileRows } from '../read-rows.js'
import { workspaceOf } from '../workspace.js'

export interface FoundLabels {
  labels: Label[]
  problems: LineProblem[]
  /** Rows of a form that wait for their value. */
  unfilled: number
}

/** The labels of outputs in the store. */
export function storedLabels(loaded: LoadedConfig): FoundLabels {
  const db = workspaceOf(loaded).open('read')
  try {
    return { labels: readLabels(db).filter(({ item }) => !isSaidItem(item)), problems: [], unfilled: 0 }
  } finally {
    db.close()
  }
}

/** The labels in a file, with no pilot around it. Throws `PilotError` (exit 3) where it holds none. */
export async function fileLabels(path: string, world: { stdin: Readable; cwd: string }): Promise<FoundLabels> {
  const found: FoundLabels = { labels: [], problems: [], unfilled: 0 }
  for await (const entry of readFileRows(path, world)) {
    if ('row' in entry && isUnfilled(entry.row, {})) {
      found.unfilled += 1
      continue
    }
    const label = 'problem' in entry ? entry.problem : readLabel(entry.row, {})
    if (typeof label === 'string') found.problems.push({ line: entry.line, message: label })
    else found.labels.push(label)
  }
  if (found.labels.length > 0) return found
  const none = found.unfilled > 0 ? `none of its ${found.unfilled} rows has a value yet` : found.problems[0]?.message
  throw new PilotError(`${path} holds no label: ${none ?? 'it is empty'}.`, {
    hint: 'Columns: item, name, value, by; note if there is one.',
    exitCode: exitCodes.io,
  })
}
