import { z } from 'zod'
import { duration, text } from './values.js'

const env = z
  .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'expected the name of an environment variable'), z.string())
  .default({})
  .describe('Environment variables beside those of pilot. {endpoint} becomes the address of the sink.')

const command = z
  .array(text)
  .min(1)
  .describe('The application: a program with its arguments, started beside pilot.yaml. No shell.')

/** An address on this machine: whatever the probe starts, it starts here. */
const localUrl = text.refine(isLocal, 'expected an http address on this machine, such as http://127.0.0.1:8787/chat')

const Ready = z.strictObject({
  url: localUrl
    .optional()
    .describe('Answers with a status of 200 to 399 once it is ready; by default its port is tried.'),
  within: duration.prefault('30s').describe('How long it may take to get ready.'),
})

/** `probes.overhead`: the application without and with instrumentation, and how much is run. */
export const Overhead = z
  .strictObject({
    off: z.strictObject({ command, env }).describe('Without instrumentation.'),
    on: z.strictObject({ command: command.optional(), env }).describe('With it; the same command, if left out.'),
    samples: z
      .enum(['lines', 'process', 'http'])
      .optional()
      .describe(
        'What is timed: requests that the command states, one JSON line each (lines); each run of the command (process); calls of the url (http). By default http where there is a url, else lines.',
      ),
    url: localUrl.optional().describe('Where the application serves; pilot calls it.'),
    body: z.string().max(100_000).optional().describe('Posted to the url as JSON; without it the url is read.'),
    ready: Ready.prefault({}).describe('When the application can be called.'),
    requests: z.number().int().min(1).max(100_000).default(100).describe('Requests of a run that are measured.'),
    warmup: z.number().int().min(0).max(10_000).default(10).describe('Requests of a run before those, dropped.'),
    pairs: z.number().int().min(2).max(1000).default(15).describe('Pairs of runs, off and on, at each concurrency.'),
    concurrency: z
      .array(z.number().int().min(1).max(256))
      .min(1)
      .max(8)
      .default([1, 8])
      .describe('Requests at the same time, one measurement each; the largest decides.'),
    seed: z
      .number()
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .default(1)
      .describe('Of the order within the pairs.'),
    timeout: duration.prefault('5m').describe('How long one run may take.'),
  })
  .superRefine(({ samples, url, body, concurrency }, context) => {
    const fault = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
    if (samples === 'http' && url === undefined) fault(['samples'], 'calls an endpoint, but there is no url')
    if (samples !== undefined && samples !== 'http' && url !== undefined) fault(['samples'], 'does not call the url')
    if (body !== undefined && url === undefined) fault(['body'], 'is posted to a url, and there is none')
    for (const [at, count] of concurrency.entries())
      if (concurrency.indexOf(count) < at) fault(['concurrency', at], 'stands there already')
  })

function isLocal(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined
  return url?.protocol === 'http:' && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname)
}

export type OverheadConfig = z.output<typeof Overhead>
