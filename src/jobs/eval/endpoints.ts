import { PilotError } from '../../core/errors.js'
import type { ChatEndpoint } from '../../io/chat.js'
import { isSafeForKey, readEndpoint } from '../../io/endpoint.js'

const publicEndpoint = 'https://api.openai.com/v1'
const publicKey = 'OPENAI_API_KEY'

interface EndpointConfig {
  endpoint?: string | undefined
  key_env?: string | undefined
  timeout: number
  retries: number
}

/** What a command knows of the world that endpoints depend on. */
export interface Consent {
  env: Readonly<Record<string, string | undefined>>
  /** `--yes`: text may go to an endpoint that pilot.yaml does not name. */
  yes: boolean
}

/**
 * The endpoint of a model. Throws `PilotError` where text would go to one that nobody named, where the key is not set, and
 * where it would be read on its way.
 */
export function chatEndpoint(config: EndpointConfig, { env, yes }: Consent): ChatEndpoint {
  const { endpoint, timeout, retries } = config
  if (endpoint === undefined && !yes)
    throw new PilotError(`Nothing is sent: pilot.yaml names no endpoint, so the text would go to ${publicEndpoint}.`, {
      hint: 'Name the endpoint in pilot.yaml, or say --yes.',
    })
  const url = readEndpoint(endpoint ?? publicEndpoint)
  const key = readKey(config.key_env ?? (endpoint === undefined ? publicKey : undefined), env)
  if (key !== undefined && !isSafeForKey(url))
    throw new PilotError(`${url.host} is not asked over https, and the key would be read on the way.`, {
      hint: 'Use https, or a server on this machine.',
    })
  return { url, key, timeoutMs: timeout, retries }
}

/** The key in an environment variable; undefined where none is named. Throws `PilotError` where it is not set. */
export function readKey(name: string | undefined, env: Consent['env']): string | undefined {
  if (name === undefined) return undefined
  const key = env[name]?.trim()
  if (key) return key
  throw new PilotError(`The environment variable ${name} is not set, and holds the key.`, {
    hint: `export ${name}=…; keys stand in no file of the pilot.`,
  })
}

/** What a server sent, without the key, which it may have repeated. */
export function withoutKey(text: string, key: string | undefined): string {
  return key === undefined ? text : text.replaceAll(key, '[key]')
}
