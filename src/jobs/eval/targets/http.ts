import type { TargetConfig } from '../../../config/sections/evals.js'
import { PilotError } from '../../../core/errors.js'
import { isSafeForKey, readEndpoint } from '../../../io/endpoint.js'
import { postJson } from '../../../io/post-json.js'
import { withoutKey } from '../endpoints.js'
import { hashOf } from '../hash.js'
import { readAnswer } from './read-answer.js'
import type { Target } from './target.js'

const largestAnswer = 10_000_000

/** An HTTP endpoint: each case is posted to it as JSON, with the version that is meant. */
export function httpTarget(
  address: string,
  { output, timeout, retries, prompt, release }: TargetConfig,
  key: string | undefined,
): Target {
  const url = readEndpoint(address)
  if (key !== undefined && !isSafeForKey(url))
    throw new PilotError(`${url.host} is not asked over https, and the key would be read on the way.`, {
      hint: 'Use https, or a server on this machine.',
    })
  return {
    name: `POST ${url.origin}${url.pathname}`,
    hash: hashOf({ url: url.href, output, prompt, release }),
    ...(prompt !== undefined && { prompt }),
    ...(release !== undefined && { release }),
    isDear: true,
    async produce({ id, inputs }, { run, repeat }, signal) {
      const posted = await postJson(
        url,
        { id, inputs, repeat, prompt, release },
        {
          headers: {
            ...(key !== undefined && { authorization: `Bearer ${key}` }),
            'idempotency-key': hashOf([run, id, inputs, repeat]),
          },
          timeoutMs: timeout,
          limitBytes: largestAnswer,
          retries,
          signal,
        },
      )
      return 'failure' in posted
        ? { failure: posted.failure }
        : readAnswer(withoutKey(posted.text, key), output, posted.latencyMs)
    },
  }
}
