import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

/** What a person typed; or the time was up; or they closed the input (Ctrl-C, Ctrl-D). */
export type Typed = { line: string } | 'time up' | 'closed'

/** What runs while a person types. */
export interface Watch {
  /** Called every second. */
  onSecond(): void
  isTimeUp(): boolean
}

/** Asks one thing at a time; the prompt is drawn anew every second, so that a clock in it runs while a person types. */
export interface Asker {
  ask(prompt: () => string, watch?: Watch): Promise<Typed>
  close(): void
}

/** Where a person reads and types; on a plain terminal nothing is drawn anew. */
export interface Terminal {
  input: Readable
  output: Writable
  isPlain: boolean
}

/** Lines of a terminal. A line that comes before it is asked for is kept. */
export function createAsker({ input, output, isPlain }: Terminal): Asker {
  const lines: string[] = []
  let isClosed = false
  let wake = () => {}
  const reader = createInterface({ input, output, terminal: !isPlain, historySize: 0 })
  const close = () => {
    isClosed = true
    wake()
  }
  reader.on('line', (line) => {
    lines.push(line)
    wake()
  })
  reader.on('SIGINT', close)
  reader.on('close', close)

  async function nextLine(draw: (isAgain: boolean) => void, watch: Watch | undefined): Promise<Typed> {
    let isTimeUp = false
    const second = setInterval(() => {
      watch?.onSecond()
      isTimeUp = watch?.isTimeUp() ?? false
      if (isTimeUp) wake()
      else if (!isPlain && watch !== undefined) draw(true)
    }, 1000)
    try {
      while (lines.length === 0 && !isClosed && !isTimeUp)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    } finally {
      clearInterval(second)
    }
    const line = lines.shift()
    if (line !== undefined) return { line }
    return isTimeUp ? 'time up' : 'closed'
  }

  return {
    ask(prompt, watch) {
      const draw = (isAgain: boolean) => {
        reader.setPrompt(prompt())
        reader.prompt(isAgain)
      }
      if (lines.length === 0 && !isClosed) draw(false)
      return nextLine(draw, watch)
    },
    close: () => reader.close(),
  }
}
