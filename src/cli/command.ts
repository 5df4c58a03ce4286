import type { Command } from 'commander'
import type { Context } from './context.js'

/** What a command does once its words are parsed: arguments as commander gives them, then all options. Returns the exit code. */
export type Handler = (context: Context, ...words: never[]) => Promise<number>

/** Turns a handler into commander's action. */
export type Run = (handler: Handler) => (...words: unknown[]) => Promise<void>

/** Adds one command to the program. */
export type AddCommand = (program: Command, run: Run) => void

/** The examples that end a command's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`
}
