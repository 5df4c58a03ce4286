import { z } from 'zod'
import { faultNames } from '../../core/probes/outage-faults.js'
import { duration, text } from './values.js'

const budgetForm = /^(?:(\d{1,6}) ?ms)?(?: or )?(?:(\d{1,3}) ?%)?$/

/** `10ms`, `10 %`, or `10ms or 10 %` for the larger of the two; becomes milliseconds and a share. */
const latencyBudget = z
  .string()
  .transform((written) => budgetForm.exec(written.trim()))
  .refine(
    (match) => match !== null && (match[1] ?? match[2]) !== undefined,
    'expected a budget such as 10ms, 10 % or "10ms or 10 %"',
  )
  .transform((match) => ({ ms: Number(match?.[1] ?? 0), share: Number(match?.[2] ?? 0) / 100 }))

/** An address on this machine: whatever the probe starts, it starts here. */
const localUrl = text.refine(isLocal, 'expected an http address on this machine, such as http://127.0.0.1:8787/chat')

/** `probes.outage`: how the application is started, and what it is held to while the platform is out. */
export const Outage = z
  .strictObject({
    command: z
      .array(text)
      .min(1)
      .describe('The application: a program with its arguments, started beside pilot.yaml. No shell.'),
    env: z
      .record(
        z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'expected the name of an environment variable'),
        z.string(),
      )
      .default({})
      .describe(
        'Environment variables beside those of pilot. {endpoint} becomes the address that stands in for the platform, {requests} their number; in the arguments too.',
      ),
    url: localUrl
      .optional()
      .describe('Where the application serves; pilot calls it. Without it the lines tell that the application prints.'),
    body: z.string().max(100_000).optional().describe('Posted to the url as JSON; without it the url is read.'),
    ready: text
      .optional()
      .describe('A line of the application that contains this says that it can be called; by default its port does.'),
    requests: z.number().int().min(1).max(10_000).default(40).describe('Requests of a run.'),
    volume: z
      .number()
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe('Requests of one more run without a fault: how many of them leave a trace.'),
    timeout: duration.prefault('60s').describe('How long one run may take; then it is ended.'),
    expect: z
      .enum(['open', 'closed'])
      .default('open')
      .describe('What requests should do while the platform is out: be answered (open), or fail (closed).'),
    latency_budget: latencyBudget
      .prefault('10ms or 10 %')
      .describe('What a request may take longer: 10ms, 10 % of the p95 without a fault, or the larger of both.'),
    exit_budget: duration.prefault('2s').describe('How much later the application may end.'),
    memory_budget_mb: z
      .number()
      .positive()
      .max(1_000_000)
      .default(64)
      .describe('How much more resident memory it may take, in MB.'),
    recover_after: duration
      .prefault('500ms')
      .describe('How long the fault recovery refuses, from the first time that it is sent something.'),
    path: text
      .optional()
      .describe(
        'Below which path the platform takes traces: /v1/traces. Other requests are answered, and not counted.',
      ),
    answer: text
      .optional()
      .describe('What the platform answers when all is well, as JSON, where its SDK reads the answer.'),
    faults: z
      .array(z.enum(faultNames))
      .min(1)
      .default([...faultNames])
      .describe('The faults to walk; all by default.'),
  })
  .superRefine(({ url, body, ready, faults }, context) => {
    const fault = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
    if (body !== undefined && url === undefined) fault(['body'], 'is posted to a url, and there is none')
    if (ready !== undefined && url === undefined) fault(['ready'], 'says when the url can be called, and there is none')
    for (const [at, name] of faults.entries())
      if (faults.indexOf(name) < at) fault(['faults', at], 'stands there already')
  })

function isLocal(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined
  return url?.protocol === 'http:' && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname)
}

export type OutageConfig = z.output<typeof Outage>
