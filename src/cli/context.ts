import { Chalk, type ChalkInstance } from 'chalk'
import type { LoadedConfig } from '../config/load.js'
import type { Audience } from '../core/audience/audiences.js'
import type { Names } from '../core/audience/names.js'
import { formatJson } from '../reports/json.js'
import { colorLevel, type Io } from './io.js'

/** Options that every command has. */
export interface GlobalOptions {
  config?: string
  json?: boolean
  color: boolean
  quiet?: boolean
  /** Of the commands that print evidence. */
  audience?: Audience
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
  /** Who reads what is printed. */
  audience: Audience
  /** For product the names that it may see; undefined for whoever sees all. */
  namesForProduct(): Promise<Names | undefined>
  /** A hint or a remark on standard error, unless `--quiet` or `--json`; none for product, since hints name what was found. */
  remark(text: string): void
  /** A problem: a line on standard error, always; for product only that there was one. */
  warn(text: string): void
  loadConfig(): Promise<LoadedConfig>
  /** As `loadConfig`; undefined where no pilot.yaml is named and none stands here or above. */
  loadConfigIfAny(): Promise<LoadedConfig | undefined>
  /** Whether pilot.yaml was read, so that what goes wrong from then on may be about what is stored. */
  hasLoaded(): boolean
}

/** The context of one run of a command. */
export function createContext(io: Io, options: GlobalOptions): Context {
  const lookup = { config: options.config, env: io.env, cwd: io.cwd }
  const { audience = 'engineering' } = options
  const isForProduct = audience === 'product'
  const loadConfigIfAny = async () => {
    const { hasConfig, loadConfig } = await import('../config/load.js')
    return hasConfig(lookup) ? loaded(loadConfig(lookup)) : undefined
  }
  let isLoaded = false
  const loaded = (config: LoadedConfig) => {
    isLoaded = true
    return config
  }
  return {
    io,
    options,
    color: new Chalk({ level: colorLevel(io.stdout, io.env, options.color) }),
    width: io.stdout.columns ?? 100,
    print: (text) => void io.stdout.write(text.endsWith('\n') ? text : `${text}\n`),
    printJson: (value) => void io.stdout.write(formatJson(value)),
    audience,
    namesForProduct: async () => {
      if (!isForProduct) return undefined
      const { readNames } = await import('../jobs/audience/names.js')
      const { namesShown } = await import('../core/audience/names.js')
      const config = await loadConfigIfAny()
      return config === undefined ? namesShown(new Set()) : readNames(config)
    },
    remark: (text) => {
      if (!options.quiet && !options.json && !isForProduct) io.stderr.write(`${text}\n`)
    },
    warn: (text) => void io.stderr.write(isForProduct ? 'A problem was met; engineering can see it.\n' : `${text}\n`),
    loadConfig: async () => {
      const { loadConfig } = await import('../config/load.js')
      return loaded(loadConfig(lookup))
    },
    loadConfigIfAny,
    hasLoaded: () => isLoaded,
  }
}
