import { z } from 'zod'
import { durationFault, durationForm, durationMs } from '../core/duration.js'

/** A setting such as `2s`; becomes milliseconds. */
export const duration = z.string().regex(durationForm, durationFault).transform(durationMs)
