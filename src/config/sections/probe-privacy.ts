import { z } from 'zod'
import { actions } from '../../core/privacy/fields.js'
import { canaryKinds, channelNames } from '../../core/probes/canary.js'

const channel = z.enum(channelNames)
const kind = z.enum(canaryKinds)

/** `probes.privacy`: which canaries are planted, and what is to become of them. */
export const ProbePrivacy = z.strictObject({
  channels: z
    .array(channel)
    .min(1)
    .default([...channelNames])
    .describe(`The ways by which canaries are sent: ${channelNames.join(', ')}.`),
  kinds: z
    .array(kind)
    .min(1)
    .default([...canaryKinds])
    .describe(`What they look like: ${canaryKinds.join(', ')}.`),
  expect: z
    .partialRecord(channel, z.partialRecord(kind, z.enum(actions)))
    .default({})
    .describe(
      'Channel, kind: what the platform is to do to it (store, redact, hash or omit); what is not named here follows capture.privacy.',
    ),
})
