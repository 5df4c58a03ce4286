import { PilotError } from './errors.js'

/** What a person typed at an item. */
export type TypedLabel =
  | { does: 'label'; value: string; note?: string }
  | { does: 'unsure'; note?: string }
  | { does: 'skip' | 'back' | 'quit' | 'nothing' }
  | { does: 'wrong'; message: string }

const keys = { s: 'skip', b: 'back', u: 'unsure', q: 'quit' } as const

/** The choices of a question as they were written, with commas. Throws `PilotError` (exit 2) for fewer than two, and for what could not be typed. */
export function parseChoices(written: string): string[] {
  const choices = written.split(',').map((choice) => choice.trim())
  const fault = choicesFault(choices)
  if (fault !== undefined)
    throw new PilotError(`--choices: ${fault}.`, {
      hint: 'Two or more different words with commas: --choices pass,fail',
    })
  return choices
}

function choicesFault(choices: readonly string[]): string | undefined {
  if (choices.length < 2) return 'there is only one'
  if (choices.includes('')) return 'one is empty'
  const words = choices.map((choice) => choice.toLowerCase())
  const twice = choices.find((_, index) => words.indexOf(words[index]!) !== index)
  if (twice !== undefined) return `${JSON.stringify(twice)} is there twice`
  const key = choices.find((choice) => Object.hasOwn(keys, choice.toLowerCase()))
  if (key !== undefined) return `${JSON.stringify(key)} is a key of its own`
  const colon = choices.find((choice) => choice.includes(':'))
  return colon === undefined ? undefined : `${JSON.stringify(colon)} has a colon, after which notes stand`
}

/** Reads a typed line: a choice by its number or beginning, or a key; after a colon stands a note. */
export function parseTypedLabel(line: string, choices: readonly string[]): TypedLabel {
  const text = line.trim()
  if (text === '') return { does: 'nothing' }
  // A value that was given elsewhere may hold a colon itself.
  const whole = exactly(text, choices)
  if (whole !== undefined) return { does: 'label', value: whole }
  const colon = text.indexOf(':')
  const word = colon === -1 ? text : text.slice(0, colon).trim()
  const rest = colon === -1 ? '' : text.slice(colon + 1).trim()
  const note = rest === '' ? {} : { note: rest }
  const key = keys[word.toLowerCase() as keyof typeof keys] as (typeof keys)[keyof typeof keys] | undefined // any word may come
  if (exactly(word, choices) === undefined && key !== undefined)
    return key === 'unsure' ? { does: key, ...note } : { does: key }
  const found = choicesAt(word, choices)
  if (found.length === 1) return { does: 'label', value: found[0]!, ...note }
  const which = found.length > 1 ? `may be ${found.join(' or ')}` : 'is none of the choices'
  return { does: 'wrong', message: `${word === '' ? 'Nothing' : word} ${which}.` }
}

function choicesAt(word: string, choices: readonly string[]): string[] {
  const exact = exactly(word, choices)
  if (exact !== undefined) return [exact]
  const numbered = /^\d+$/.test(word) && isNumbered(choices) ? choices[Number(word) - 1] : undefined
  if (numbered !== undefined) return [numbered]
  return word === '' ? [] : choices.filter((choice) => choice.toLowerCase().startsWith(word.toLowerCase()))
}

function exactly(word: string, choices: readonly string[]): string | undefined {
  return (
    choices.find((choice) => choice === word) ?? choices.find((choice) => choice.toLowerCase() === word.toLowerCase())
  )
}

/** The choices as they are offered: with numbers, unless they begin with digits themselves. */
export function listChoices(choices: readonly string[]): string {
  return choices.map((choice, index) => (isNumbered(choices) ? `${index + 1} ${choice}` : choice)).join(', ')
}

function isNumbered(choices: readonly string[]): boolean {
  return !choices.some((choice) => /^\d/.test(choice))
}
