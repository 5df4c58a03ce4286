/** What is asked of each incident. */
export interface Question {
  id: string
  text: string
  /** `text` is typed, `one` is chosen, `many` may be several of the choices. */
  form: 'text' | 'one' | 'many'
  choices?: string[]
  /** Whether a diagnosis needs it right. */
  required: boolean
  /** Of a team's own question: the field of the trace that answers it; else a person confirms the answer. */
  field?: KeyField
}

/** Fields of a run that may answer a team's own question. */
export const keyFields = [
  'tenant',
  'user',
  'session',
  'request',
  'environment',
  'release',
  'workflow',
  'service',
] as const
export type KeyField = (typeof keyFields)[number]

/** Where the fault lay. */
const causes = ['prompt', 'retrieval', 'model', 'tool logic', 'requirements'] as const

/** What may have gone wrong on the way. */
const failures = ['tool error', 'retry', 'fallback'] as const

/** The answer that says there is none. */
export const none = 'none'

/** The seven of a debugging drill, in the order in which they are asked. */
export const questions: readonly Question[] = [
  { id: 'input', text: 'What did the user provide?', form: 'text', required: false },
  { id: 'prompt-version', text: 'Which prompt version answered?', form: 'text', required: true },
  {
    id: 'context',
    text: 'Which documents were in the context? Their ids, with commas; none, if there were none.',
    form: 'text',
    required: true,
  },
  { id: 'model', text: 'Which model answered?', form: 'text', required: true },
  {
    id: 'failures',
    text: 'Were there tool errors, retries or fallbacks?',
    form: 'many',
    choices: [...failures, none],
    required: true,
  },
  { id: 'eval', text: 'Did it fail an eval?', form: 'one', choices: ['yes', 'no', 'not evaluated'], required: false },
  { id: 'cause', text: 'Where was the cause?', form: 'one', choices: [...causes], required: true },
]

/** The question that a diagnosis always needs right. */
export const causeQuestion = 'cause'
