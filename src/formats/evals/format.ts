import type { ImportedRow } from '../../core/eval/imported.js'
import type { Json } from '../../core/span.js'
import type { Row } from '../row.js'

/** How the results of one eval runner are read. */
export interface EvalFormat {
  name: string
  /** What it is, and how a user gets the file. */
  title: string
  /** Keys whose lists hold rows, so that a document too large to hold is split there. */
  containers: ReadonlySet<string>
  /** The rows of one record, each with what the record says of all of them; the record itself where it is a row. */
  rows(record: Row): readonly Json[]
  /** True for a row of this format, and of none that is asked before it. Cheap: looks at keys only. */
  detects(row: Row): boolean
  /** What a row says, or what is wrong with it. Undefined: it says nothing of a result. Never throws. */
  read(row: Row): ImportedRow | string | undefined
}
