// An application that is called: it answers the time of day of nobody, and sends what it was asked to the platform, in the background.
import { createServer } from 'node:http'

const [port, how] = process.argv.slice(2)
const url = `${process.env.PLATFORM_URL}/traces`
const waiting = new Set()

const server = createServer(async (request, response) => {
  let body = ''
  for await (const piece of request) body += piece
  const sending = fetch(url, {
    method: 'POST',
    body: JSON.stringify({ id: `t-${waiting.size}`, question: body }),
    signal: AbortSignal.timeout(300),
  }).then((answer) => answer.arrayBuffer())
  waiting.add(sending.catch(() => {}))
  try {
    if (how === 'waits') await sending
    response.end(`answer to ${body}`)
  } catch {
    response.writeHead(500).end()
  }
})
server.listen(Number(port), '127.0.0.1', () => console.log('up and running'))
process.on('SIGTERM', async () => {
  server.close()
  server.closeAllConnections()
  await Promise.all(waiting)
})
