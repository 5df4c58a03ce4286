import { RE2JS } from 're2js'
import { PilotError } from '../errors.js'
import type { Detector, Hit } from './detectors/detector.js'

/** A user's regular expression in RE2 syntax as a detector: linear time on any text. Throws `PilotError` for what RE2 refuses. */
export function linearPattern(pattern: string): Detector {
  const expression = compile(pattern)
  return {
    shortest: 1,
    find(text) {
      const matcher = expression.matcher(text)
      const hits: Hit[] = []
      while (matcher.find())
        if (matcher.end() > matcher.start()) hits.push({ start: matcher.start(), end: matcher.end() })
      return hits
    },
  }
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern)
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace('error parsing regexp: ', '') : String(error)
    throw new PilotError(`The regular expression ${pattern} is refused: ${reason}.`, {
      hint: 'Use RE2 syntax: no look-around, no back-references, at most 1000 repeats. They would make some texts take hours.',
    })
  }
}
