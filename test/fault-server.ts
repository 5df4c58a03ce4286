import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** What a server was sent. */
export interface Received {
  method: string | undefined
  path: string | undefined
  headers: IncomingMessage['headers']
  body: string
  bytes: Buffer
}

export type Answerer = (response: ServerResponse, received: Received) => void

/** A server on loopback that answers each request with the next of these, and with the last for ever; gone with the test. */
export async function serve(...answers: Answerer[]): Promise<{ url: URL; received: Received[] }> {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    const { method, url: path, headers } = request
    const bytes = Buffer.concat(pieces)
    const one = { method, path, headers, body: bytes.toString('utf8'), bytes }
    received.push(one)
    answers[Math.min(received.length, answers.length) - 1]!(response, one)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo // it listens on a port, not on a pipe
  return { url: new URL(`http://127.0.0.1:${port}/v1`), received }
}

/** Answers with a status, a body and headers. */
export const answer =
  (status: number, body: string | Buffer = '', headers: Record<string, string> = {}): Answerer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)

/** Never answers. */
export const hang: Answerer = () => {}

/** Promises 1,000 bytes, sends these, and resets the connection. */
export const reset =
  (begin: string): Answerer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 })
    response.write(begin, () => setTimeout(() => response.socket?.resetAndDestroy(), 20))
  }

/** Promises 1,000 bytes, sends these, and ends the connection in good order. */
export const breakOff =
  (begin: string): Answerer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 })
    response.write(begin, () => setTimeout(() => response.socket?.end(), 20))
  }

/** One byte at once, and one more each second. */
export const drip: Answerer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.write('{')
  const timer = setInterval(() => response.write(' '), 1000)
  response.on('close', () => clearInterval(timer))
}
