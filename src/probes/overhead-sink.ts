import { createServer } from 'node:http'
import type { Socket } from 'node:net'

// A process of its own, so that what it does takes no time of the application or of whoever measures it. Started with a
// channel: it tells its port, and at each message what came so far. It ends when the channel does.
let requests = 0
let bytesOfClosed = 0
const open = new Set<Socket>()

const server = createServer((request, response) => {
  requests += 1
  const isJson = request.headers['content-type']?.includes('json') === true
  request.resume().on('end', () => {
    // An empty answer is a whole message in protobuf, and none in JSON.
    response.writeHead(200, { 'content-type': isJson ? 'application/json' : 'application/x-protobuf' })
    response.end(isJson ? '{}' : '')
  })
})
server.on('connection', (socket) => {
  open.add(socket)
  socket.on('error', () => {}) // a client that is gone is counted like any other
  socket.on('close', () => {
    open.delete(socket)
    bytesOfClosed += socket.bytesRead
  })
})
server.listen(0, '127.0.0.1', () => process.send?.(server.address()))

process.on('message', () => {
  let bytes = bytesOfClosed
  for (const socket of open) bytes += socket.bytesRead
  process.send?.({ requests, bytes })
})
process.on('disconnect', () => {
  server.closeAllConnections()
  server.close()
})
