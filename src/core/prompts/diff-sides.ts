import { type DiffLine, diffLines } from '../line-diff.js'
import type { TextSort } from './drift.js'

/** What is known of one version for a diff. */
export interface VersionSide {
  /** `name@version`. */
  label: string
  runs: number
  /** Runs whose text was read. */
  read: number
  /** The text that most of these runs have; undefined where none holds one. */
  text: { sort: TextSort; hash: string; text: string } | undefined
  /** How many texts there are; more than one is drift, or a value that is filled in. */
  texts: number
  /** Names of variables, with runs. */
  variables: ReadonlyMap<string, number>
  /** Values of each model setting as JSON, with runs. */
  settings: ReadonlyMap<string, ReadonlyMap<string, number>>
  /** With calls. */
  models: ReadonlyMap<string, number>
  /** With runs. */
  tools: ReadonlyMap<string, number>
}

/** What differs between the texts of two versions. */
export type TextDiff = { lines: DiffLine[] } | { why: string }

/** The diff of two texts of one sort, or why there is none. */
export function diffTexts({ text: a, label }: VersionSide, { text: b, label: other }: VersionSide): TextDiff {
  if (a === undefined || b === undefined)
    return { why: `no run of ${a === undefined ? label : other} has a template or a system message` }
  if (a.sort !== b.sort) return { why: `${label} has a ${a.sort}, ${other} a ${b.sort}` }
  const lines = diffLines(linesOf(a.text), linesOf(b.text))
  return lines === undefined ? { why: 'more than 2,000 lines differ' } : { lines }
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/)
}
