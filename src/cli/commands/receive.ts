import { InvalidArgumentError } from 'commander'
import { durationFault, durationForm, durationMs } from '../../core/duration.js'
import { PilotError } from '../../core/errors.js'
import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'

interface Options {
  platform?: string
  port: number
  listen: string
  tokenEnv?: string
  forward?: string
  forwardHeaderEnv?: string
  for?: number
  untilSpans?: number
}

export const receive: AddCommand = (program, run) => {
  program
    .command('receive')
    .summary('take OTLP from a running application, and send it on')
    .description(
      "Listens for OTLP over HTTP (protobuf or JSON, plain or packed) and stores the traces as ingest does, privacy rules first; metrics and logs are taken and left out. Point the application here: OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318. What was answered is stored, whatever happens next. Ctrl-C stops it. With --forward the same bytes go on to the platform, as the application sent them and before any privacy rule, so that what the platform has can be held against what was sent; the application's own headers stay here.",
    )
    .option(
      '--platform <id>',
      'the candidate (or baseline) that it is kept under; needed where pilot.yaml names several',
    )
    .option('--port <n>', 'the port; 0 takes any that is free', parsePort, 4318)
    .option('--listen <address>', 'the address; one that other machines reach needs a token', '127.0.0.1')
    .option('--token-env <name>', 'the environment variable with the token that clients send as Authorization: Bearer')
    .option('--forward <url>', 'send the same on to this OTLP endpoint, to which /v1/traces is added')
    .option(
      '--forward-header-env <name>',
      'the environment variable with headers for it, such as authorization=Bearer%20KEY,x-team=a',
    )
    .option('--for <duration>', 'stop after this long, such as 10m', parseDuration)
    .option('--until-spans <n>', 'stop when so many spans have come', parseCount)
    .addHelpText(
      'after',
      examples(
        'pilot receive --for 10m',
        'pilot receive --port 4319 --until-spans 1000 --for 1h',
        'pilot receive --for 1h --forward https://otlp.example.com --forward-header-env OTLP_HEADERS',
      ),
    )
    .action(run(runReceive))
}

async function runReceive(context: Context, options: Options): Promise<number> {
  const { env } = context.io
  const { readForward, readListen, readToken } = await import('../../jobs/receive-options.js')
  if (options.forward === undefined && options.forwardHeaderEnv !== undefined)
    throw new PilotError('--forward-header-env is for --forward.', { hint: 'Say where to: --forward URL.' })
  const token = readToken(options.tokenEnv, env)
  const { host, isLoopback } = readListen(options.listen, token)
  const forward =
    options.forward === undefined
      ? undefined
      : readForward(options.forward, { headersEnv: options.forwardHeaderEnv, env, port: options.port })
  const loaded = await context.loadConfig()
  const { receive } = await import('../../jobs/receive.js')
  const { createTextProgress } = await import('../progress.js')
  const progress = createTextProgress(context)
  const interrupt = untilInterrupted()
  try {
    const report = await receive(loaded, {
      ...{ host, port: options.port, token, forward, platform: options.platform },
      ...{ forMs: options.for, untilSpans: options.untilSpans, signal: interrupt.signal, nowMs: context.io.nowMs },
      onListening: (address, { platform, role }) => {
        if (!isLoopback)
          context.warn(`Other machines reach ${address}; the token keeps them out, and nothing is encrypted.`)
        context.remark(`Receiving on ${address}: OTEL_EXPORTER_OTLP_ENDPOINT=${address}. Ctrl-C stops it.`)
        if (forward !== undefined && role === 'candidate')
          context.remark(
            `What comes in counts for ${platform}, whether or not it keeps it. --platform with the baseline holds the two apart: then ingest what ${platform} exports.`,
          )
      },
      onProgress: (taken, spans) => progress.show(`${taken} requests, ${spans} spans`),
    })
    progress.clear()
    const { formatProblems } = await import('../../reports/ingest.js')
    const { formatReceived, receiveJson } = await import('../../reports/receive.js')
    if (context.options.json) context.printJson(receiveJson(report))
    else {
      context.print(formatReceived(report))
      for (const line of formatProblems(report.stored)) context.warn(line)
    }
    if (report.lockedNow) context.remark('The criteria are locked now: pilot.lock holds them; commit it.')
    context.remark('Next: pilot coverage, pilot capture')
    return 0
  } finally {
    progress.clear()
    interrupt.clear()
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Fires at the first Ctrl-C; a second one ends the program at once. */
function untilInterrupted(): { signal: AbortSignal; clear(): void } {
  const controller = new AbortController()
  const abort = () => controller.abort()
  for (const signal of signals) process.once(signal, abort)
  return {
    signal: controller.signal,
    clear: () => {
      for (const signal of signals) process.off(signal, abort)
    },
  }
}

function parsePort(written: string): number {
  const port = Number(written)
  if (!/^\d+$/.test(written) || port > 65_535) throw new InvalidArgumentError('Expected a number from 0 to 65535.')
  return port
}

function parseDuration(written: string): number {
  if (!durationForm.test(written) || durationMs(written) === 0)
    throw new InvalidArgumentError(`${durationFault[0]!.toUpperCase()}${durationFault.slice(1)}.`)
  return durationMs(written)
}

function parseCount(written: string): number {
  if (!/^[1-9]\d{0,8}$/.test(written)) throw new InvalidArgumentError('Expected a number from 1 on.')
  return Number(written)
}
