import type { Message, ToolCall } from '../../core/span.js'
import { unpack } from '../json.js'
import type { Draft } from './draft.js'
import { text } from './readers.js'
import { type Slot, slotsOf, take } from './slots.js'

/** How a vocabulary names the leaves of a flattened message. */
export interface MessageNames {
  role: string
  content: string
  name: string
  toolCallId: string
  /** Prefix of the list of tool calls, with its dot; likewise `parts`. */
  calls: string
  callId: string
  callName: string
  callArguments: string
  parts: string
  partText: string
  partType: string
}

/** Messages of flattened attributes; leaves without a place in a message stay attributes. Undefined when there is none. */
export function readFlatMessages(
  draft: Draft,
  slots: Slot[],
  names: MessageNames,
  role: string,
): Message[] | undefined {
  const messages = slots.map((slot) => readMessage(draft.used, slot, names, role)).filter((read) => read !== undefined)
  return messages.length === 0 ? undefined : messages
}

function readMessage(used: Set<string>, slot: Slot, names: MessageNames, role: string): Message | undefined {
  const given = text(take(slot, used, names.role) ?? null)
  const lines = [text(take(slot, used, names.content) ?? null), ...readParts(used, slot, names)]
  const content = lines.filter((line) => line !== undefined)
  const calls = slotsOf(slot.values(), names.calls)
    .map((call) => readCall(used, call, names))
    .filter((call) => call !== undefined)
  if (given === undefined && content.length === 0 && calls.length === 0) return undefined
  return {
    role: given?.toLowerCase() ?? role,
    content: content.length === 0 ? undefined : content.join('\n'),
    name: text(take(slot, used, names.name) ?? null),
    toolCalls: calls.length === 0 ? undefined : calls,
    toolCallId: text(take(slot, used, names.toolCallId) ?? null),
  }
}

function readParts(used: Set<string>, slot: Slot, names: MessageNames): (string | undefined)[] {
  return slotsOf(slot.values(), names.parts).map((part) => {
    const line = text(take(part, used, names.partText) ?? null)
    if (line !== undefined) take(part, used, names.partType)
    return line
  })
}

function readCall(used: Set<string>, slot: Slot, names: MessageNames): ToolCall | undefined {
  const id = text(take(slot, used, names.callId) ?? null)
  const name = text(take(slot, used, names.callName) ?? null)
  const given = take(slot, used, names.callArguments)
  if (id === undefined && name === undefined && given === undefined) return undefined
  return { id, name, arguments: given === undefined ? undefined : unpack(given) }
}
