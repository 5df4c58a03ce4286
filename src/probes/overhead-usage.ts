import { readProc } from './memory.js'

/** Ticks of a second in /proc: Linux has 100 for every architecture that Node runs on. */
const tickMs = 10

/**
 * Processor time, in milliseconds, of all programs that this process started and that have ended; exact to a tick of 10 ms.
 * Undefined where the system does not tell it.
 */
export function endedCpuMs(): number | undefined {
  const text = readProc('self/stat')
  if (text === undefined) return undefined
  // The name of the program, in brackets, may hold spaces; after it the third field comes first.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13]) + Number(fields[14])) * tickMs // cutime and cstime
}
