import type { Json } from '../core/span.js'
import { bareType, isDocument, isWrapped } from './codex/line.js'
import { openRollout } from './codex/reader.js'
import { emptyReading, type Format, type KeyPaths, type Reading } from './format.js'
import { joinReadings } from './join-readings.js'
import { isObject } from './json.js'

/** Rollouts of Codex CLI: what one session did, line by line. A turn is a trace, a session a session. */
export const codex: Format = {
  name: 'codex',
  title: 'Codex CLI: session rollouts (rollout-*.jsonl), all versions since 2025',
  status: 'stable',
  obtain:
    'Take the files of ~/.codex/sessions/YYYY/MM/DD/ (rollout-*.jsonl, also compressed); subagents have files of their own.',
  lacks: [
    ...['prompt.name', 'prompt.version', 'prompt.variables', 'cost', 'documents', 'documents.score', 'user', 'tenant'],
    ...['environment', 'release', 'request', 'feedback', 'scores'],
  ],
  containers: [],
  detects: (record) => isObject(record) && (isWrapped(record) || bareType(record) !== undefined || isDocument(record)),
  read,
  open: openRollout,
}

/** One line by itself: a part of its turn. */
function read(record: Json, keys: KeyPaths): Reading {
  const reader = openRollout(keys)
  return joinReadings(emptyReading(), [reader.read(record), reader.end()])
}
