import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

export interface Sent {
  requests: number
  /** As they came over the wire, headers included. */
  bytes: number
}

/** Takes instrumented traffic on loopback, counts it, and answers 200 to everything. */
export interface Sink {
  /** `http://127.0.0.1:` and its port. */
  endpoint: string
  /** All that came so far; waits until nothing more is on its way. */
  count(): Promise<Sent>
  stop(): void
}

// The built file, also for whoever runs this one from its source.
const program = new URL('../../dist/probes/overhead-sink.js', import.meta.url)
const settleMs = 10

/** Starts the sink, in a process of its own that does not outlive this one. */
export async function startSink(): Promise<Sink> {
  const child = fork(program, { execArgv: [], env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  const { port } = await answerOf<AddressInfo>(child)
  const ask = async () => {
    const answer = answerOf<Sent>(child)
    child.send('count')
    return answer
  }
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async count() {
      for (let before = await ask(); ; ) {
        await wait(settleMs)
        const now = await ask()
        if (now.bytes === before.bytes) return now
        before = now
      }
    },
    stop: () => child.disconnect(),
  }
}

/** The next message of the sink. Throws where it ends instead. */
async function answerOf<Message>(child: ChildProcess): Promise<Message> {
  const ended = new AbortController()
  const onExit = () => ended.abort(new Error('the sink has ended'))
  child.once('exit', onExit)
  try {
    const [message] = await once(child, 'message', { signal: ended.signal })
    return message as Message // the sink is ours, and answers with nothing else
  } catch (error) {
    throw ended.signal.aborted ? ended.signal.reason : error
  } finally {
    child.off('exit', onExit)
  }
}
