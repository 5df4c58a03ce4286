import type { Measurement } from '../core/measurement.js'

/** What every criterion answers that counts the application's own requests, until there is a log of them. */
export const noRequestLog: Measurement = {
  measured: false,
  reason: "The application's request log was not ingested.",
  next: 'pilot ingest <requests> --as requests',
}
