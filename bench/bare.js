import { createReadStream } from 'node:fs'
import { argv } from 'node:process'

// The least that any reader of JSON lines must do: read, split, parse. Nothing is kept.
let rest = Buffer.alloc(0)
let lines = 0
for await (const chunk of createReadStream(argv[2], { highWaterMark: 1 << 20 })) {
  const buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
  let start = 0
  for (let end = buffer.indexOf(10); end !== -1; end = buffer.indexOf(10, start)) {
    JSON.parse(buffer.toString('utf8', start, end))
    lines += 1
    start = end + 1
  }
  rest = buffer.subarray(start)
}
if (lines === 0) process.exitCode = 1
