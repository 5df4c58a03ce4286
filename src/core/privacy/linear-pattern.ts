import { compileLinear } from '../linear-expression.js'
import type { Detector, Hit } from './detectors/detector.js'

/** A user's regular expression in RE2 syntax as a detector: linear time on any text. Throws `PilotError` for what RE2 refuses. */
export function linearPattern(pattern: string): Detector {
  const expression = compileLinear(pattern)
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
