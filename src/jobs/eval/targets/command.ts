import type { TargetConfig } from '../../../config/sections/evals.js'
import { runCommand } from '../../../io/run-command.js'
import { hashOf } from '../hash.js'
import { readAnswer } from './read-answer.js'
import type { Target } from './target.js'

/** A program that reads one case as JSON from its standard input, with the version that is meant, and prints the output. */
export function commandTarget(
  argv: readonly string[],
  { output, timeout, prompt, release }: TargetConfig,
  cwd: string,
): Target {
  return {
    name: shownCommand(argv),
    hash: hashOf({ argv, output, prompt, release }),
    ...(prompt !== undefined && { prompt }),
    ...(release !== undefined && { release }),
    isDear: true,
    async produce({ id, inputs }, { repeat }, signal) {
      const input = `${JSON.stringify({ id, inputs, repeat, prompt, release })}\n`
      const ended = await runCommand(argv, { input, timeoutMs: timeout, cwd, signal })
      if ('failure' in ended) return ended
      if (ended.exitCode !== 0) return { failure: exitText(ended.exitCode, lastLine(ended.stderr)) }
      return readAnswer(ended.stdout, output, ended.latencyMs)
    },
  }
}

/** The program and what it runs, without the arguments after, which may hold anything. */
function shownCommand([program = '', first, ...others]: readonly string[]): string {
  const shown = first === undefined || first.startsWith('-') ? program : `${program} ${first}`
  return others.length > 0 || (first?.startsWith('-') ?? false) ? `${shown} …` : shown
}

function exitText(code: number, words: string): string {
  return words === '' ? `exit ${code}` : `exit ${code}: ${words}`
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 200) ?? ''
}
