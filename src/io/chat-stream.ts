import { type Fault, type Piece, readPiece } from './chat-piece.js'
import { parseExact } from './json.js'

/** The whole reply of a stream of events (HTML standard, section 9.2.6); a fault where it stops before its end. */
export function joinStream(stream: string): Piece | Fault {
  const texts: string[] = []
  const refusals: string[] = []
  let joined: Piece | undefined
  let isDone = false
  for (const data of dataOf(stream)) {
    if (data === '[DONE]') {
      isDone = true
      break
    }
    const parsed = parseExact(data)
    if ('fault' in parsed)
      return { fault: parsed.fault.endsEarly ? 'half a stream' : 'an event of its stream is not JSON' }
    const piece = readPiece(parsed.value, 'event')
    if ('fault' in piece) return piece
    if (piece.text !== undefined) texts.push(piece.text)
    refusals.push(piece.refusal)
    joined = {
      text: undefined,
      refusal: '',
      callsTool: piece.callsTool || joined?.callsTool === true,
      finishReason: piece.finishReason ?? joined?.finishReason,
      model: piece.model ?? joined?.model,
      usage: piece.usage ?? joined?.usage,
    }
  }
  if (!joined) return { fault: 'its stream is empty' }
  if (!isDone && joined.finishReason === undefined) return { fault: 'half a stream' }
  return { ...joined, text: texts.length > 0 ? texts.join('') : undefined, refusal: refusals.join('') }
}

/** The data of each event, its lines joined; the last counts even without the empty line after it. */
function dataOf(stream: string): string[] {
  return stream.split(/(?:\r\n|\r|\n){2}/).flatMap((event) => {
    const lines = event.split(/\r\n|\r|\n/).filter((line) => line.startsWith('data:'))
    return lines.length > 0 ? [lines.map((line) => line.slice(5).trim()).join('\n')] : []
  })
}
