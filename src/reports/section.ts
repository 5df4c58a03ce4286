/** A part of a report before it has a look: the terminal, Markdown and other reports are written from the same sections. */
export interface Section {
  title: string
  table?: SectionTable
  /** Sentences under the table. */
  lines?: string[]
}

export interface SectionTable {
  head: string[]
  /** One letter a column: `l` text, `r` numbers. */
  align: string
  /** A row with a single cell is a heading. All text is untrusted: whoever prints it makes it safe. */
  rows: string[][]
}
