import type { ChatMessage } from '../../core/eval/judge.js'
import type { Pricer } from '../../core/prices.js'
import { askChat } from '../../io/chat.js'
import { dropJudgeAnswer, readJudgeAnswer, saveJudgeAnswer } from '../../store/judges.js'
import type { Store } from '../../store/open.js'
import { type Consent, chatEndpoint, withoutKey } from './endpoints.js'
import { hashOf } from './hash.js'
import type { Judge } from './judges.js'

/** What a judge said, or why it said nothing; what it cost, where that is known. */
export type Said =
  | {
      answer: string
      costUsd: number | undefined
      isCached: boolean
      /** Sees to it that the judge is asked again: for an answer that nobody can use. */
      forget(): void
    }
  | { failure: string }

interface JudgeWorld extends Consent {
  db: Store
  /** What was answered and could not be used is asked for anew: a server that remembers must not give it again. */
  retriesErrors?: boolean
  nowMs(): number
  /** Applied to all that is sent, and to what comes back. */
  applyText(text: string): string
  price: Pricer
}

/** Asks judges; what one has said to exactly the same is not asked again. `nth` from 0 asks for another answer to the same. */
export function judgeAsker(world: JudgeWorld) {
  const endpoints = new Map<string, ReturnType<typeof chatEndpoint>>()
  const underway = new Map<string, Promise<Said>>()
  return async (judge: Judge, messages: readonly ChatMessage[], nth = 0, signal?: AbortSignal): Promise<Said> => {
    const sent = messages.map(({ role, content }) => ({ role, content: world.applyText(content) }))
    const key = hashOf([judge.hash, sent, nth])
    const forget = () => dropJudgeAnswer(world.db, key)
    const known = readJudgeAnswer(world.db, key)
    if (known !== undefined) return { answer: known, costUsd: 0, isCached: true, forget }
    const before = underway.get(key)
    if (before !== undefined) {
      const said = await before
      return 'failure' in said ? said : { ...said, costUsd: 0, isCached: true } // whoever asked has paid
    }
    const endpoint = endpoints.get(judge.spec.id) ?? chatEndpoint(judge.config, world)
    endpoints.set(judge.spec.id, endpoint)
    const asked = askOnce({ key, judge, sent, endpoint, world, forget, signal })
    underway.set(key, asked)
    try {
      return await asked
    } finally {
      underway.delete(key)
    }
  }
}

interface Question {
  key: string
  judge: Judge
  sent: ChatMessage[]
  endpoint: ReturnType<typeof chatEndpoint>
  world: JudgeWorld
  forget(): void
  signal: AbortSignal | undefined
}

async function askOnce({ key, judge, sent, endpoint, world, forget, signal }: Question): Promise<Said> {
  const { model } = judge.spec
  const { settings } = judge.config
  const idempotencyKey = world.retriesErrors ? hashOf([key, world.nowMs()]) : key
  const said = await askChat(endpoint, { model, messages: sent, settings, idempotencyKey }, signal)
  if ('failure' in said) return said
  // A judge may quote, or make up, what may not be stored; what it says is the same whether it is kept or not.
  const answer = withoutKey(world.applyText(said.text), endpoint.key)
  saveJudgeAnswer(world.db, key, answer, world.nowMs())
  const { inputTokens: input, outputTokens: output } = said
  const usage = input === undefined || output === undefined ? undefined : { input, output }
  return {
    answer,
    costUsd: world.price({ kind: 'llm', requestModel: model, ...(usage && { usage }) }),
    isCached: false,
    forget,
  }
}
