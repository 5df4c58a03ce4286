import type { RequiredField, Share } from '../evidence.js'
import type { ChangedField } from './changed.js'

/** A share with some traces in which it did not hold. */
export interface FieldShare<Field> {
  field: Field
  share: Share
  /** Trace ids, at most five. */
  examples: string[]
}

/** What of the traces that were sent an export holds. */
export interface SentComparison {
  /** Whose traces in the store tell what was sent. */
  platform: string
  /** The store has this very file: then it was compared with itself. */
  isSameFile: boolean
  /** Traces that the export should hold: of its span of time, and of the environment that was asked for. */
  traces: Share
  /** How traces were found again. */
  pairedBy: { traceId: number; request: number }
  /** Of the traces that should be there, those of lost traces too. */
  spans: Share
  /** Fields on those spans, all together. */
  kept: Share
  /** Of the spans that carried it, how many of those that came out carry it still; fields that none carried are left out. */
  fields: FieldShare<RequiredField>[]
  /** Of the values that are on both sides, how many differ. */
  changed: FieldShare<ChangedField>[]
  scores: Share
  feedback: Share
}

/** What an export was found to keep. */
export interface ExportProbe {
  files: string[]
  formats: string[]
  traces: number
  spans: number
  /** When its first trace began, and its last, epoch milliseconds. */
  startMs?: number | undefined
  endMs?: number | undefined
  sent: SentComparison
  /** Production requests of its span of time that have their trace in it; absent without a request log, or where nothing joins. */
  requests?: Share
  /** What came with it beside traces. */
  held: { scores: number; feedback: number; promptNames: number; datasetRows: number }
  /** Records that could not be read, and of no known format. */
  unread: number
  /** Keys that the format is not known to have; they are kept as attributes. */
  unexpectedKeys: number
  /** Read a second time, nothing may change; absent where that was not possible. */
  again?: { added: number; updated: number }
  /** The environment that was asked for. */
  environment?: string
  /** Traces by environment, '' where none is stated. */
  environments: { name: string; traces: number; examples: string[] }[]
}

/** Traces of other environments than the one asked for; undefined where none was. */
export function strayTraces({
  environment,
  environments,
}: Pick<ExportProbe, 'environment' | 'environments'>): ExportProbe['environments'] | undefined {
  if (environment === undefined) return undefined
  return environments.filter(({ name }) => name !== '' && name !== environment)
}
