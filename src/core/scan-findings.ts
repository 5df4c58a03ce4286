import { type DetectorName, defaultDetectors } from './privacy/detectors/index.js'

/** Where something was found in the store, without what was found. */
export interface StoreFinding {
  detector: DetectorName
  /** '' for what belongs to no platform. */
  platform: string
  /** Of a span, as the privacy rules know it (`input`, `attributes` …), else `table.column`. */
  field: string
  hits: number
  /** Spans, or rows. */
  spans: number
  /** Trace ids, at most ten. */
  traces: string[]
  /** Lengths of what was found, in characters: the shortest and the longest. */
  lengths: { min: number; max: number }
}

/** Where something was found in a file. */
export interface FileFinding {
  detector: DetectorName
  file: string
  /** 1-based, of the first. */
  line: number
  hits: number
  lengths: { min: number; max: number }
}

/** What a scan came to. */
export interface ScanReport {
  detectors: DetectorName[]
  /** Spans and rows that were read; undefined without a store. */
  texts: number
  files: number
  /** Packed files, which are not opened. */
  unread: string[]
  store: StoreFinding[]
  found: FileFinding[]
}

/** True where a detector that is on by default found something: what never belongs in a trace. */
export function hasSecrets({ store, found }: Pick<ScanReport, 'store' | 'found'>): boolean {
  return [...store, ...found].some(({ detector }) => defaultDetectors.includes(detector))
}
