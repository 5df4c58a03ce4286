import type { Json } from '../../core/span.js'
import { texts } from '../dialects/readers.js'
import type { RawSpan } from '../format.js'
import { isObject } from '../json.js'
import { readMoment } from '../time.js'

/**
 * What happened within a run. Start and end repeat its times, and each token that a model streamed is an event of its own: of
 * those the first stays, which tells how long the user waited, without its text.
 */
export function readEvents(list: Json | undefined): RawSpan['events'] {
  const events: RawSpan['events'] = []
  let hasToken = false
  for (const event of Array.isArray(list) ? list : []) {
    if (!isObject(event) || typeof event.name !== 'string') continue
    const isToken = event.name === 'new_token'
    if ((isToken && hasToken) || event.name === 'start' || event.name === 'end') continue
    hasToken ||= isToken
    const { name, time, ...rest } = event
    const attributes = isToken || Object.keys(rest).length === 0 ? undefined : { ...rest }
    events.push({ name: event.name, timeMs: readMoment(time).ms, attributes })
  }
  return events
}

/**
 * How often a run was tried again: LangChain tags the runs of its later attempts (`retry:attempt:2` is the first retry), and its models
 * note a retry within a run as an event. Undefined where neither is there, since most runs have no place for it.
 */
export function readRetries(tags: Json | undefined, events: Json | undefined): number | undefined {
  const attempts = (texts(tags ?? null) ?? []).map((tag) => Number(attempt.exec(tag)?.[1] ?? 1))
  const before = Math.max(0, ...attempts.slice(0, 100).map((number) => number - 1))
  const within = Array.isArray(events) ? events.filter((event) => isObject(event) && event.name === 'retry').length : 0
  return before + within > 0 ? Math.max(before, within) : undefined
}

const attempt = /^retry:attempt:(\d{1,4})$/
