import { z } from 'zod'
import { ProbeDeletion } from './probe-deletion.js'
import { Outage } from './probe-outage.js'
import { Overhead } from './probe-overhead.js'
import { ProbePrivacy } from './probe-privacy.js'

/** `probes`: how the active tests start the application, and what they hold it to. */
export const Probes = z.strictObject({
  overhead: Overhead.optional().describe('What instrumentation adds to a request: pilot probe overhead.'),
  outage: Outage.optional().describe('What the application does while the platform is out: pilot probe outage.'),
  privacy: ProbePrivacy.prefault({}).describe('Canaries: made-up secrets that are sent, and looked for afterwards.'),
  deletion: ProbeDeletion.prefault({}).describe('Whether deleted traces are gone, and when.'),
})
