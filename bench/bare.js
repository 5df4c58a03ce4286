import { createReadStream } from 'node:fs'
import { argv } from 'node:process'
import { createInterface } from 'node:readline'

// The least that any reader of JSON lines must do: read, split, parse; nothing is kept. `readline` is how it is usually
// written, `bytes` is as fast as it can be.
const [, , way, path] = argv
let lines = 0

if (way === 'readline') {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    JSON.parse(line)
    lines += 1
  }
} else {
  let rest = Buffer.alloc(0)
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    let start = 0
    for (let end = buffer.indexOf(10); end !== -1; end = buffer.indexOf(10, start)) {
      JSON.parse(buffer.toString('utf8', start, end))
      lines += 1
      start = end + 1
    }
    rest = buffer.subarray(start)
  }
}

if (lines === 0) process.exitCode = 1
