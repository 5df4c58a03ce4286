import { Writable } from 'node:stream'
import type { OutStream } from './io.js'

/** An output as a stream that prompts can draw on. */
export function screenOf(output: OutStream): Writable {
  const screen = new Writable({
    write(chunk, _encoding, done) {
      output.write(String(chunk))
      done()
    },
  })
  return Object.assign(screen, { columns: output.columns ?? 80 })
}
