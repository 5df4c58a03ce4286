import type { Control, WorkloadRun } from './outage.js'
import type { Fault } from './outage-faults.js'

/** Where the records of one run are: all but `expected` add up to it, `unexplained` being the rest. */
export interface LossAccount {
  /** Requests that were answered, times what each left in the control; rounded. */
  expected: number
  /** What the endpoint has. */
  delivered: number
  /** Came to it, was turned away, and did not come again in time. */
  refused: number
  /** Could not come to it: the fault lets nothing through. */
  unreachable: number
  /** The application said that it dropped them. */
  dropped: number
  /** Below 0 where more came than in the control. */
  unexplained: number
  /** Delivered more than once. */
  twice: number
  /** The same of traces, which is what is lost. */
  traces: { expected: number; delivered: number }
}

/** The account of a run by what the control delivered a request. */
export function lossAccount(
  { received, saidDropped }: WorkloadRun,
  { requests, received: usual }: Control,
  { fault, answered }: { fault: Fault; answered: number },
): LossAccount {
  const { records: delivered, refusedRecords: refused, twice } = received
  // Requests that were begun and not answered may have left records too: as many as came are expected, within reason.
  const whole = requests === 0 ? 0 : usual.records
  const ofAnswered = Math.round((whole * answered) / Math.max(1, requests))
  const expected = Math.min(
    Math.max(ofAnswered, delivered + refused),
    Math.max(ofAnswered, answered < requests ? whole : 0),
  )
  const missing = Math.max(0, expected - delivered - refused)
  const dropped = Math.min(saidDropped, missing)
  const unreachable = fault.reach === 'all' ? 0 : missing - dropped
  return {
    ...{ expected, delivered, refused, unreachable, dropped, twice },
    unexplained: expected - delivered - refused - unreachable - dropped,
    traces: { expected: Math.round((usual.traces * answered) / Math.max(1, requests)), delivered: received.traces },
  }
}
