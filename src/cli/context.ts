import { Chalk, type ChalkInstance } from 'chalk'
import type { LoadedConfig } from '../config/load.js'
import { formatJson } from '../reports/json.js'
import { colorLevel, type Io } from './io.js'

/** Options that every command has. */
export interface GlobalOptions {
  config?: string
  json?: boolean
  color: boolean
  quiet?: boolean
}

/** What a command needs of the world: its streams, and how to find pilot.yaml. */
export interface Context {
  io: Io
  options: GlobalOptions
  /** Colours for standard output. */
  color: ChalkInstance
  /** Columns to print in; 100 where output is not a terminal. */
  width: number
  /** Data: lines on standard output, ended where they are not yet. */
  print(text: string): void
  /** One JSON document on standard output. */
  printJson(value: unknown): void
  /** A hint or a remark on standard error, unless `--quiet` or `--json`. */
  remark(text: string): void
  /** A problem: a line on standard error, always. */
  warn(text: string): void
  loadConfig(): Promise<LoadedConfig>
  /** As `loadConfig`; undefined where no pilot.yaml is named and none stands here or above. */
  loadConfigIfAny(): Promise<LoadedConfig | undefined>
}

/** The context of one run of a command. */
export function createContext(io: Io, options: GlobalOptions): Context {
  const lookup = { config: options.config, env: io.env, cwd: io.cwd }
  return {
    io,
    options,
    color: new Chalk({ level: colorLevel(io.stdout, io.env, options.color) }),
    width: io.stdout.columns ?? 100,
    print: (text) => void io.stdout.write(text.endsWith('\n') ? text : `${text}\n`),
    printJson: (value) => void io.stdout.write(formatJson(value)),
    remark: (text) => {
      if (!options.quiet && !options.json) io.stderr.write(`${text}\n`)
    },
    warn: (text) => void io.stderr.write(`${text}\n`),
    loadConfig: async () => {
      const { loadConfig } = await import('../config/load.js')
      return loadConfig(lookup)
    },
    loadConfigIfAny: async () => {
      const { hasConfig, loadConfig } = await import('../config/load.js')
      return hasConfig(lookup) ? loadConfig(lookup) : undefined
    },
  }
}
