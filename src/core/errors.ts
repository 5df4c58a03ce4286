/** Exit codes of every command; `pilot --help` prints the same list. */
export const exitCodes = { ok: 0, verdict: 1, usage: 2, io: 3, bug: 70, interrupted: 130 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** An error that its reader can act on: what is wrong, and the next step as a hint. Anything else that is thrown is a bug. */
export class PilotError extends Error {
  readonly hint: string | undefined
  readonly exitCode: ExitCode

  constructor(message: string, options: { hint?: string; exitCode?: ExitCode } = {}) {
    super(message)
    this.name = 'PilotError'
    this.hint = options.hint
    this.exitCode = options.exitCode ?? exitCodes.usage
  }
}
