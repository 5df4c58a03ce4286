import { isDeepStrictEqual } from 'node:util'
import type { SameInput } from '../core/retries.js'
import type { SpanContent } from '../core/span.js'
import type { Store } from '../store/open.js'
import { readContents } from '../store/spans.js'

/** Compares what two spans of one trace were given; reads text only when asked, and keeps that of one trace. */
export function sameInputOf(db: Store, platform: string): SameInput {
  let traceId: string | undefined
  let contents = new Map<string, SpanContent>()
  return (a, b) => {
    if (a.traceId !== traceId) {
      traceId = a.traceId
      contents = readContents(db, platform, a.traceId)
    }
    const [one, other] = [a, b].map((span) => inputOf(contents.get(span.spanId)))
    return one !== undefined && other !== undefined && isDeepStrictEqual(one, other)
  }
}

function inputOf(content: SpanContent | undefined): unknown {
  return content?.toolArguments ?? content?.inputMessages ?? content?.query ?? content?.input
}
