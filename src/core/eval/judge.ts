/** A message of the chat-completions form. */
export interface ChatMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
}

/** How a judge answers: pass or fail, or a number of which the team said from where on it passes. */
export type Scale = 'pass-fail' | { min: number; max: number; passFrom: number }

/** What a judge is asked to judge by. */
export interface JudgeSpec {
  id: string
  model: string
  /** What good is, in the team's words. */
  rubric: string
  scale: Scale
}
