import { RE2JS } from 're2js'
import { PilotError } from './errors.js'

/** A regular expression in RE2 syntax, whose matching takes linear time on any text. Throws `PilotError` for what RE2 refuses. */
export function compileLinear(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern)
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace('error parsing regexp: ', '') : String(error)
    throw new PilotError(`The regular expression ${pattern} is refused: ${reason}.`, {
      hint: 'Use RE2 syntax: no look-around, no back-references, at most 1000 repeats. They would make some texts take hours.',
    })
  }
}

/** Whether a text holds a match of a regular expression, or with `whole`, is one from end to end. Throws as `compileLinear`. */
export function linearTest(pattern: string, { whole }: { whole: boolean }): (text: string) => boolean {
  const expression = compileLinear(pattern)
  return whole ? (text) => expression.testExact(text) : (text) => expression.test(text)
}

/** What stands in for `new RegExp` where the pattern is in JavaScript's syntax, as in a JSON Schema. Throws as `compileLinear`. */
export function linearRegExp(pattern: string): { test(text: string): boolean; toString(): string } {
  return {
    test: linearTest(RE2JS.translateRegExp(pattern), { whole: false }),
    // ajv takes two expressions for one where their texts are the same.
    toString: () => pattern,
  }
}
