import { type Fault, fieldOf, type Piece, readPiece } from './chat-piece.js'
import { joinStream } from './chat-stream.js'
import { parseExact } from './json.js'

/** What a model answered. */
export interface ChatCompletion {
  text: string
  /** As the server names it. */
  model?: string
  /** Undefined, like the next, where the server does not count. */
  inputTokens?: number
  outputTokens?: number
  finishReason?: string
}

interface Body {
  text: string
  contentType: string
  /** Makes a stranger's text fit for a failure. */
  quote(text: string): string
}

/** Reads the body of an answer: in one piece, or as a stream of events, which some servers send unasked. */
export function readCompletion(body: Body): ChatCompletion | { failure: string } {
  const read = body.contentType.startsWith('text/event-stream') ? joinStream(body.text) : readWhole(body.text)
  if ('fault' in read)
    return { failure: `the answer is no chat completion: ${read.fault}${read.said ? ` ${body.quote(read.said)}` : ''}` }
  const { text, model, finishReason, usage } = read
  const failure = whyUnusable(read, body)
  if (failure !== undefined) return { failure }
  const [inputTokens, outputTokens] = [countOf(usage, 'prompt_tokens'), countOf(usage, 'completion_tokens')]
  return {
    text: text ?? '',
    ...(model !== undefined && { model }),
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(finishReason !== undefined && { finishReason }),
  }
}

function readWhole(text: string): Piece | Fault {
  const start = text.trimStart()
  if (start === '') return { fault: 'it is empty' }
  if (start.startsWith('<')) return { fault: 'it is a web page' }
  const parsed = parseExact(text)
  if ('fault' in parsed) return { fault: parsed.fault.endsEarly ? 'it ends early' : 'it is not JSON' }
  return readPiece(parsed.value, 'whole')
}

/** Undefined where the reply is whole and says something. */
function whyUnusable({ refusal, finishReason, callsTool, text }: Piece, { quote }: Body): string | undefined {
  if (refusal !== '') return `the model refused: ${quote(refusal)}`
  if (finishReason === 'length') return 'the answer was cut off at its token limit'
  if (finishReason === 'content_filter') return 'the answer was withheld by a content filter'
  if (text === undefined && callsTool) return 'the model called a tool instead of answering'
  if (text === undefined) return 'the answer is no chat completion: it has no content'
  return text.trim() === '' ? 'the answer is empty' : undefined
}

function countOf(usage: Piece['usage'], name: string): number | undefined {
  const count = fieldOf(usage, name)
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : undefined
}
