import type { TargetConfig } from '../../../config/sections/evals.js'
import { type Case, textOf } from '../../../core/eval/case.js'
import type { Pricer } from '../../../core/prices.js'
import type { Json } from '../../../core/span.js'
import { isRow } from '../../../formats/row.js'
import { askChat, type ChatEndpoint } from '../../../io/chat.js'
import { withoutKey } from '../endpoints.js'
import { hashOf } from '../hash.js'
import type { Target } from './target.js'

/** What a chat target is made of, beside its settings. */
interface ChatParts {
  model: string
  endpoint: ChatEndpoint
  /** Undefined: the input itself is sent. */
  prompt: { text: string; name: string } | undefined
  price: Pricer
  /** What is sent passes the privacy policy first. */
  applyText: (text: string) => string
}

/** A chat model behind an OpenAI-compatible endpoint, asked with a prompt file. */
export function chatTarget(
  { settings }: TargetConfig,
  { model, endpoint, prompt, price, applyText }: ChatParts,
): Target {
  const costOf = (input: number, output: number) =>
    price({ kind: 'llm', requestModel: model, usage: { input, output } })
  const promptName = prompt && `${prompt.name}@${hashOf(prompt.text).slice(0, 8)}`
  const messageOf = ({ inputs }: Case) =>
    applyText(prompt === undefined ? (textOf(inputs) ?? '') : filled(prompt.text, inputs))
  return {
    name: `${model} at ${endpoint.url.host}`,
    hash: hashOf({ model, url: endpoint.url.href, settings, prompt: prompt?.text }),
    ...(promptName !== undefined && { prompt: promptName }),
    isDear: true,
    estimate(cases, repeats) {
      let characters = 0
      for (const each of cases) characters += messageOf(each).length
      const limit = settings.max_tokens ?? settings.max_completion_tokens
      const answer = typeof limit === 'number' ? limit : 500
      const usd = costOf(Math.ceil(characters / 4), answer * cases.length)
      return usd === undefined
        ? undefined
        : { usd: usd * repeats, basis: `4 characters a token, ${answer} tokens an answer` }
    },
    async produce(given, { run, repeat }, signal) {
      if (given.inputs === undefined) return { missing: 'the case has no inputs to send' }
      const answer = await askChat(
        endpoint,
        {
          model,
          messages: [{ role: 'user', content: messageOf(given) }],
          settings,
          idempotencyKey: hashOf([run, model, settings, prompt?.text, given.id, given.inputs, repeat]),
        },
        signal,
      )
      if ('failure' in answer) return answer
      const { text, inputTokens, outputTokens, latencyMs } = answer
      const costUsd =
        inputTokens === undefined || outputTokens === undefined ? undefined : costOf(inputTokens, outputTokens)
      return {
        output: {
          value: withoutKey(text, endpoint.key),
          latencyMs,
          model: withoutKey(answer.model ?? model, endpoint.key),
          ...(inputTokens !== undefined && { inputTokens }),
          ...(outputTokens !== undefined && { outputTokens }),
          ...(costUsd !== undefined && { costUsd }),
          ...(promptName !== undefined && { prompt: promptName }),
        },
      }
    },
  }
}

/** A prompt with the inputs in their places: `{{name}}`, or `{{input}}` for an input without names. A name without an input stays. */
function filled(prompt: string, inputs: Json | undefined): string {
  const named = inputs !== undefined && isRow(inputs) ? inputs : { input: inputs ?? null }
  return prompt.replaceAll(/\{\{\s*([\w.-]+)\s*\}\}/g, (place, name: string) =>
    Object.hasOwn(named, name) ? (textOf(named[name]) ?? '') : place,
  )
}
