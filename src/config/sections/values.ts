import { z } from 'zod'
import { durationFault, durationForm, durationMs } from '../../core/duration.js'

/** Text that must not be empty. */
export const text = z.string().min(1).max(2000)

/** The id of a platform or step of the plan: it stands in file names, flags and reports. */
export const id = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'expected letters, digits, ".", "_" and "-" only, at most 64')

/** A day of the calendar, in UTC: `2026-03-02`. */
export const day = z.iso.date('expected a day such as 2026-03-02')

/** `5m`, `30s`, `250ms` or `1h`; becomes milliseconds. */
export const duration = z.string().regex(durationForm, durationFault).transform(durationMs)

/** `1..3`, or `2` for exactly two; becomes its ends, both included. */
export const range = z
  .union([z.string(), z.number()])
  .transform((written) => /^(\d{1,6})(?:\.\.(\d{1,6}))?$/.exec(String(written)))
  .refine(
    (match) => match !== null && Number(match[2] ?? match[1]) >= Number(match[1]),
    'expected a range such as 1..3, or one number',
  )
  .transform((match) => ({ min: Number(match?.[1]), max: Number(match?.[2] ?? match?.[1]) }))
