import { createContext, Script } from 'node:vm'

/** Runs a step of decoding; false if it throws or takes too long. */
export type Watch = (step: () => void) => boolean

/**
 * A guard for a decoder that may never return: on crafted input fzstd does not (33 bytes are enough), and only `node:vm`
 * can stop synchronous code. A step is a matter of milliseconds; it may take seconds before it counts as endless.
 */
export function watch(): Watch {
  const context = createContext({ step: () => {} })
  const script = new Script('step()')
  let leftMs = 5000
  return (step) => {
    const started = performance.now()
    context.step = step
    try {
      script.runInContext(context, { timeout: Math.ceil(leftMs) })
    } catch {
      return false // whatever the decoder's tables ran into, or the timeout: the input is not valid
    }
    // A step that is slow shortens the next ones: many of them then end as surely as one that hangs.
    leftMs = Math.max(1000, Math.min(5000, leftMs + 1000 - (performance.now() - started)))
    return true
  }
}
