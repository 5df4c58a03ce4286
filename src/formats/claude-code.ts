import type { Json } from '../core/span.js'
import { isTranscriptLine } from './claude-code/line.js'
import { openTranscript } from './claude-code/reader.js'
import { emptyReading, type Format, type KeyPaths, type Reading } from './format.js'
import { joinReadings } from './join-readings.js'
import { isObject } from './json.js'

/** Transcripts of Claude Code: what one session did, line by line. A turn is a trace, a session a session. */
export const claudeCode: Format = {
  name: 'claude-code',
  title: 'Claude Code: session transcripts, subagents included',
  status: 'stable',
  obtain:
    'Take ~/.claude/projects/<project>/<session>.jsonl, and beside it <session>/subagents/agent-*.jsonl (a subagent joins its turn).',
  lacks: [
    ...['prompt.name', 'prompt.version', 'prompt.variables', 'cost', 'documents', 'documents.score', 'user', 'tenant'],
    ...['environment', 'release', 'request', 'feedback', 'scores'],
  ],
  containers: [],
  detects: (record) => isObject(record) && isTranscriptLine(record),
  read,
  open: openTranscript,
}

/** One line by itself: a part of its turn. */
function read(record: Json, keys: KeyPaths): Reading {
  const reader = openTranscript(keys)
  return joinReadings(emptyReading(), [reader.read(record), reader.end()])
}
