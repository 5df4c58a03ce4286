/** One question of the security review. */
export interface SecurityQuestion {
  /** What an answer names it by. */
  id: string
  question: string
}

/** What security asks of every platform; pilot.yaml adds the team's own, and may put one of these in its own words. */
export const securityQuestions: readonly SecurityQuestion[] = [
  { id: 'storage', question: 'Where is the data stored, in which region, and who else processes it?' },
  { id: 'redaction', question: 'What is redacted before it is sent, and what shows that?' },
  { id: 'environments', question: 'How are production, staging and development kept apart?' },
  { id: 'roles', question: 'Which roles are there, and who gives and takes them?' },
  { id: 'raw-prompts', question: 'Who may see raw prompts and outputs, and who only numbers?' },
  { id: 'deletion', question: 'How is a trace deleted, and when is it gone everywhere, backups included?' },
  { id: 'retention', question: 'How long is data kept, and what removes it then?' },
  {
    id: 'compliance',
    question: 'Which of SOC 2, HIPAA and GDPR does this data need, and what shows that they are met?',
  },
  { id: 'export', question: 'How does everything come out when the team leaves, and in which form?' },
]

/** A question as pilot.yaml has it: without an id it goes by its words. */
export function idOfQuestion({ id, question }: { id?: string | undefined; question: string }): string {
  if (id !== undefined) return id
  const words = question.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return words.join('-').slice(0, 48).replace(/-$/, '') || 'own'
}

/** The questions of a pilot: the usual ones in their order, then the team's own, each once. */
export function questionsOfReview(
  own: readonly { id?: string | undefined; question: string }[],
): readonly SecurityQuestion[] {
  const all = new Map(securityQuestions.map((each) => [each.id, each.question]))
  for (const each of own) all.set(idOfQuestion(each), each.question)
  return [...all].map(([id, question]) => ({ id, question }))
}
