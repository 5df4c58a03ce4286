import { type OtherTool, otherTools } from '../other-tools.js'
import { none, type Question } from './questions.js'

export const commands = ['skip', 'back', 'pause', 'give up', 'quit', 'help'] as const
export type Command = (typeof commands)[number]

/** The command in a typed line: `/skip`, `/giveup` …; undefined where it is an answer. */
export function commandOf(line: string): Command | undefined {
  const word = line.trim().toLowerCase().replace('/giveup', '/give up')
  return commands.find((command) => word === `/${command}`)
}

/** The answer in a typed line; as text, what is wrong with it. Choices may be typed by number or by their beginning. */
export function parseAnswer(
  { form, choices = [] }: Pick<Question, 'form' | 'choices'>,
  line: string,
): string[] | string {
  const parts = line
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  if (parts.length === 0) return 'Type an answer; /skip if you cannot tell, /help for more.'
  if (form === 'text') return parts
  if (form === 'one' && parts.length > 1) return 'Choose one.'
  const chosen = parts.map((part) => choiceOf(part, choices))
  const wrong = parts.filter((_, index) => chosen[index] === undefined)
  if (wrong.length > 0)
    return `${wrong.join(', ')}: choose from ${choices.map((choice, index) => `${index + 1} ${choice}`).join(', ')}.`
  const known = [...new Set(chosen.filter((choice) => choice !== undefined))]
  return known.includes(none) && known.length > 1 ? `${none} stands alone.` : known
}

function choiceOf(part: string, choices: readonly string[]): string | undefined {
  const number = /^\d+$/.test(part) ? choices[Number(part) - 1] : undefined
  const word = part.toLowerCase()
  const [only, ...others] = choices.filter((choice) => choice.toLowerCase().startsWith(word))
  const exact = choices.find((choice) => choice.toLowerCase() === word)
  return number ?? exact ?? (others.length === 0 ? only : undefined)
}

/** The other tools in a typed line; none, if it is empty. As text, what is wrong with it. */
export function parseTools(line: string): OtherTool[] | string {
  if (line.trim() === '') return []
  const answer = parseAnswer({ form: 'many', choices: [...otherTools, none] }, line)
  return typeof answer === 'string' ? answer : otherTools.filter((tool) => answer.includes(tool))
}
