import { basename, resolve } from 'node:path'
import { type LoadedConfig, readSmallFile } from '../../../config/load.js'
import type { TargetConfig } from '../../../config/sections/evals.js'
import { type Consent, chatEndpoint, readKey } from '../endpoints.js'
import type { Target } from './target.js'

/** What makes outputs anew: a program, an endpoint, or a model. Each is loaded when a suite has it. */
export async function liveTarget(
  { config, directory }: LoadedConfig,
  target: TargetConfig,
  world: Consent & { applyText(text: string): string },
): Promise<Target> {
  if (target.command !== undefined) {
    const { commandTarget } = await import('./command.js')
    return commandTarget(target.command, target, directory)
  }
  if (target.url !== undefined) {
    const { httpTarget } = await import('./http.js')
    return httpTarget(target.url, target, readKey(target.key_env, world.env))
  }
  const { chatTarget } = await import('./chat.js')
  const { createPricer } = await import('../../../core/prices.js')
  const { prompt_file: file } = target
  return chatTarget(target, {
    model: target.model!, // the only one left
    endpoint: chatEndpoint(target, world),
    prompt:
      file === undefined
        ? undefined
        : { text: readSmallFile(resolve(directory, file), file), name: basename(file).replace(/\.[^.]*$/, '') },
    price: createPricer(config.prices),
    applyText: world.applyText,
  })
}
