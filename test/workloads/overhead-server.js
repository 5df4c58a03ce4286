// An application that serves at PORT, waits PLANT_MS before each answer, and takes EXIT_MS to end when it is told to.
import { createServer } from 'node:http'
import { env } from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'

const server = createServer(async (request, response) => {
  await wait(Number(env.PLANT_MS ?? 0))
  request.resume()
  response.writeHead(request.url === '/down' ? 503 : 200).end(`${request.method}\n`)
})
server.listen(Number(env.PORT), '127.0.0.1')
process.on('SIGTERM', async () => {
  server.closeAllConnections()
  server.close()
  await wait(Number(env.EXIT_MS ?? 0))
})
