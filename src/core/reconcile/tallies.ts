import { type BilledLine, dayOf, dayOfLine, isOneCall } from '../billing.js'
import { entryOf } from '../keys.js'
import type { Pricer } from '../prices.js'
import type { Trace, TraceSpan } from '../trace.js'
import { addLine, addUnit, type BilledFigures, noBilled, noTraced, type TracedFigures } from './figures.js'
import type { IndexedCall } from './match-calls.js'
import { tracedUnits } from './traced-unit.js'

/** A model as one side names it, on one UTC day. */
export interface Cell<Figures> {
  /** Undefined where none is named. */
  model: string | undefined
  /** `2026-03-02`; undefined for a line of several days, or a span without a start. */
  day: string | undefined
  figures: Figures
}

/** From the earliest start to the latest end, epoch milliseconds. */
export interface TimeSpan {
  startMs: number
  endMs: number
}

/** The bill in one pass. */
export interface BillTally {
  cells: Cell<BilledFigures>[]
  total: BilledFigures
  time: TimeSpan | undefined
  /** Lines that bill exactly one call, and those of them that name it. */
  singleCalls: number
  idCalls: number
}

/** Counts a bill per model and day. */
export function tallyBill(lines: Iterable<BilledLine>): BillTally {
  const cells = new Map<string, Cell<BilledFigures>>()
  const tally: BillTally = { cells: [], total: noBilled(), time: undefined, singleCalls: 0, idCalls: 0 }
  for (const line of lines) {
    addLine(tally.total, line)
    addLine(cellOf(cells, line.model, dayOfLine(line), noBilled).figures, line)
    tally.time = widened(tally.time, line.startMs, line.endMs ?? line.startMs)
    if (!isOneCall(line)) continue
    tally.singleCalls += 1
    if (line.id !== undefined) tally.idCalls += 1
  }
  return { ...tally, cells: [...cells.values()] }
}

/** The traces in one pass. */
export interface TraceTally {
  cells: Cell<TracedFigures>[]
  total: TracedFigures
  time: TimeSpan | undefined
  /** The calls one by one; undefined where they are not asked for, or more than can be kept. */
  calls: IndexedCall[] | undefined
}

/** Counts traces per model and day; keeps the calls themselves, at most `mostCalls`, where `idsOf` is given. */
export function tallyTraces(
  traces: Iterable<Trace>,
  price: Pricer,
  keep: { idsOf(span: TraceSpan): readonly string[]; mostCalls: number } | undefined,
): TraceTally {
  const cells = new Map<string, Cell<TracedFigures>>()
  const total = noTraced()
  let time: TimeSpan | undefined
  let calls: IndexedCall[] | undefined = keep && []
  for (const trace of traces) {
    for (const { startMs, endMs } of trace.spans) {
      const start = startMs ?? endMs
      if (start !== undefined) time = widened(time, start, endMs ?? start)
    }
    for (const { span, unit } of tracedUnits(trace, price)) {
      addUnit(total, unit)
      const cell = cellOf(cells, unit.model, dayOf(unit.startMs), noTraced)
      addUnit(cell.figures, unit)
      if (!unit.isCall || keep === undefined) continue
      // One text for all that are equal: the store hands out a new one with every span.
      const model = cell.model === unit.model ? cell.model : unit.model
      calls?.push({ unit: { ...unit, model }, ids: keep.idsOf(span) })
      if (calls !== undefined && calls.length > keep.mostCalls) calls = undefined
    }
  }
  return { cells: [...cells.values()], total, time, calls }
}

function cellOf<Figures>(
  cells: Map<string, Cell<Figures>>,
  model: string | undefined,
  day: string | undefined,
  none: () => Figures,
): Cell<Figures> {
  const key = JSON.stringify([model ?? null, day ?? null])
  return entryOf(cells, key, (kept) =>
    kept === key ? { model, day, figures: none() } : { model: kept, day: undefined, figures: none() },
  )
}

function widened(time: TimeSpan | undefined, startMs: number, endMs: number): TimeSpan {
  if (time === undefined) return { startMs, endMs }
  return { startMs: Math.min(time.startMs, startMs), endMs: Math.max(time.endMs, endMs) }
}
