import type { Json } from '../../core/span.js'
import type { GivenSpan } from '../add-span.js'
import type { JsonObject } from '../json.js'
import type { StatedUsage } from '../stated.js'
import { readable, sideOf } from './items.js'
import type { CodexLine } from './line.js'

/** The turn that calls belong to. */
export interface CallPlace {
  traceId: string
  parentId: string
  model?: string
  provider?: string
  settings?: Json
}

interface Call {
  id: string
  startMs?: number
  endMs?: number
  /** What the model was sent since the call before. */
  asked: Json[]
  answered: Json[]
  usage?: StatedUsage
}

/** Puts the model calls of one turn together out of its lines. */
export interface Calls {
  item(line: CodexLine): void
  usage(line: CodexLine, usage: StatedUsage): void
  /** Ends the call that is open, and gives those that are complete. */
  close(): void
  taken(): GivenSpan[]
}

/**
 * Where one call ends and the next begins is nowhere written. Today a call's items stand before its token count; older versions
 * wrote the count first, and the items with the tools' results after it. The last item before a count tells: the model's own
 * means that the count is theirs.
 */
export function createCalls(place: () => CallPlace, isCountFirst: { known?: boolean }, system: Json[]): Calls {
  const done: GivenSpan[] = []
  let open: Call | undefined
  let asked = system
  let inputMs: number | undefined
  let lastSide: 'model' | 'input' | undefined
  let ordinal = 0
  let lastStamp: string | undefined

  function begin(line: CodexLine): Call {
    ordinal = line.stamp !== undefined && line.stamp !== lastStamp ? 1 : ordinal + 1
    lastStamp = line.stamp
    const mark = line.stamp === undefined ? String(ordinal) : ordinal === 1 ? line.stamp : `${line.stamp}#${ordinal}`
    const call = { id: `${place().traceId}/call/${mark}`, startMs: inputMs ?? line.timeMs, asked, answered: [] }
    asked = []
    return call
  }

  function close(): void {
    if (open !== undefined) done.push(spanOf(open, place()))
    if (open?.endMs !== undefined) inputMs = Math.max(inputMs ?? 0, open.endMs)
    open = undefined
  }

  return {
    item(line) {
      const side = sideOf(line.payload)
      if (side === undefined) return
      const shown = readable(line.payload)
      if (side === 'input') {
        inputMs = line.timeMs ?? inputMs
        if (shown !== undefined) asked.push(shown)
      } else {
        // Results of tools came since: without counts, that is the next call. With a count that stood first, it is the same one.
        if (open !== undefined && lastSide === 'input' && open.usage === undefined) close()
        open ??= begin(line)
        if (shown !== undefined) open.answered.push(shown)
        if (open.usage === undefined) open.endMs = line.timeMs ?? open.endMs
      }
      lastSide = side
    },
    usage(line, usage) {
      if (open !== undefined && open.usage === undefined) {
        if (lastSide === 'model') isCountFirst.known ??= false
        Object.assign(open, { usage, endMs: line.timeMs ?? open.endMs })
        close()
        lastSide = undefined
        return
      }
      // Where counts stand first, the last item before one is a tool's result or the user's: this file was cut before a count.
      const isMisread = open !== undefined && lastSide === 'model'
      const answered = isMisread ? open!.answered.splice(0) : []
      close()
      isCountFirst.known = !isMisread && (isCountFirst.known ?? true)
      open = { ...begin(line), usage, endMs: line.timeMs, answered }
      if (!isCountFirst.known) close()
      lastSide = undefined
    },
    close,
    taken: () => done.splice(0),
  }
}

function spanOf(call: Call, { traceId, parentId, model, provider, settings }: CallPlace): GivenSpan {
  const output: JsonObject | undefined = call.answered.length === 0 ? undefined : { output: call.answered }
  return {
    traceId,
    parentId,
    spanId: call.id,
    name: model === undefined ? 'model call' : `chat ${model}`,
    startMs: call.startMs,
    endMs: call.endMs,
    status: 'ok',
    stated: {
      kind: 'llm',
      requestModel: model,
      provider,
      settings,
      usage: call.usage,
      output,
      input: call.asked.length === 0 ? undefined : { input: call.asked },
    },
  }
}
