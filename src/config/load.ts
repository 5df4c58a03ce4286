import { readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import type { z } from 'zod'
import { exitCodes, PilotError } from '../core/errors.js'
import { faultsOf } from './problems.js'
import { Config } from './schema.js'
import { type Fault, readYaml } from './yaml.js'

export interface LoadedConfig {
  config: Config
  /** Absolute. */
  path: string
  /** The folder of pilot.yaml: pilot.lock and .pilot/ stand beside it. */
  directory: string
  text: string
}

/** Where to look for pilot.yaml: `--config`, else PILOT_CONFIG, else the nearest at or above `cwd`. */
interface ConfigLookup {
  config?: string | undefined
  env: Readonly<Record<string, string | undefined>>
  cwd: string
}

/** The config of this pilot. Throws `PilotError` if there is none, or with everything that is wrong with it. */
export function loadConfig(lookup: ConfigLookup): LoadedConfig {
  const path = findConfig(lookup)
  const label = relative(lookup.cwd, path)
  const text = readSmallFile(path, label)
  return { config: parseYaml(text, Config, { label, hint: keysHint }), path, directory: dirname(path), text }
}

/** Whether there is a pilot.yaml to load, or one is named. */
export function hasConfig(lookup: ConfigLookup): boolean {
  return searchConfig(lookup) !== undefined
}

const keysHint = 'Every key and its unit stand in pilot.yaml.example; .pilot/schema.json makes editors show them.'

/** The value of a YAML text that fits a schema. Throws `PilotError` with every fault as `label:line:column: path: what is wrong`. */
export function parseYaml<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  file: { label: string; hint: string },
): z.output<Schema> {
  const reading = readYaml(text)
  if ('faults' in reading) throw refusal(reading.faults, file)
  const parsed = schema.safeParse(reading.value, { reportInput: true })
  if (!parsed.success) throw refusal(faultsOf(parsed.error.issues, schema, reading), file)
  return parsed.data
}

/** The text of a regular UTF-8 file of at most 1 MiB. Throws `PilotError`. */
export function readSmallFile(path: string, label: string): string {
  try {
    const stats = statSync(path)
    if (!stats.isFile()) throw new PilotError(`${label} is not a regular file.`)
    if (stats.size > 1024 * 1024) throw new PilotError(`${label}:1:1: larger than 1 MiB.`)
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch (error) {
    const code = codeOf(error)
    if (code === undefined) throw error
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new PilotError(`${label} is not UTF-8.`, { hint: 'Save it as UTF-8.' })
    throw new PilotError(`Cannot read ${label}: ${code}.`, {
      exitCode: code === 'ENOENT' ? exitCodes.usage : exitCodes.io,
    })
  }
}

function findConfig(lookup: ConfigLookup): string {
  const path = searchConfig(lookup)
  if (path === undefined) throw new PilotError('No pilot.yaml here or above.', { hint: 'Run pilot init.' })
  return path
}

function searchConfig({ config, env, cwd }: ConfigLookup): string | undefined {
  const named = config ?? (env.PILOT_CONFIG || undefined)
  if (named !== undefined) return resolve(cwd, named)
  for (let directory = resolve(cwd); ; directory = dirname(directory)) {
    const path = join(directory, 'pilot.yaml')
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path
    if (directory === dirname(directory)) return undefined
  }
}

/** An error of every fault as `label:line:column: what is wrong`, and how many there are. */
export function refusal(faults: readonly Fault[], { label, hint }: { label: string; hint: string }): PilotError {
  const lines = faults.map(({ line, column, message }) => `${label}:${line}:${column}: ${message}`)
  const count = faults.length === 1 ? '1 problem' : `${faults.length} problems`
  return new PilotError([...lines, `${count} in ${label}.`].join('\n'), { hint })
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
