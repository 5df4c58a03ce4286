import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const source = fileURLToPath(new URL('../src', import.meta.url))

/** Folder → folders of ours that it may import. */
const mayImport: Record<string, readonly string[]> = {
  core: [],
  formats: ['core'],
  criteria: ['core'],
  checks: ['core'],
  reports: ['core'],
  store: ['core'],
  io: ['core'],
  // They start and end programs as io does.
  probes: ['core', 'io'],
  config: ['core', 'formats', 'criteria', 'checks'],
  jobs: ['core', 'formats', 'criteria', 'checks', 'reports', 'store', 'io', 'probes', 'config'],
  cli: ['core', 'formats', 'criteria', 'checks', 'reports', 'store', 'io', 'probes', 'config', 'jobs'],
}

/** Dependency → the one or two folders that may import it. */
const dependencies: Record<string, readonly string[]> = {
  '@clack/prompts': ['cli', 'jobs'],
  '@pydantic/genai-prices': ['core'],
  ajv: ['checks'],
  'ajv-formats': ['checks'],
  'better-sqlite3': ['store'],
  chalk: ['cli', 'reports'],
  'cli-table3': ['reports'],
  commander: ['cli'],
  'csv-parse': ['io'],
  execa: ['io'],
  'fastest-levenshtein': ['checks'],
  fzstd: ['io'],
  'js-rouge': ['checks'],
  jstat: ['core'],
  'libphonenumber-js': ['core'],
  protobufjs: ['io'],
  re2js: ['core', 'config'],
  'xxhash-wasm': ['io'],
  yaml: ['config', 'jobs'],
  zod: ['config', 'checks'],
}

/** No node:*, no process, no clock, no randomness, no console. */
const pureFolders = ['core', 'formats', 'criteria', 'checks', 'reports']
const impure = /\bnode:|\bprocess\.|\bconsole\.|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(/

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))

function importsOf(text: string): { target: string; isType: boolean }[] {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?[^'"]*?from\s+'([^']+)'|import\('([^']+)'\)|import\s+'([^']+)'/g
  return [...text.matchAll(pattern)].map((match) => ({
    target: (match[2] ?? match[3] ?? match[4])!,
    isType: match[1] !== undefined,
  }))
}

describe('the layers', () => {
  it.each(files)('%s imports only what its folder may', (file) => {
    const folder = file.split('/')[0]!
    const text = readFileSync(join(source, file), 'utf8')
    for (const { target, isType } of importsOf(text)) {
      if (target.startsWith('.')) {
        const other = relative(source, resolve(dirname(join(source, file)), target)).split('/')[0]!
        if (other !== folder && other !== '..') expect(mayImport[folder], `${file} imports ${target}`).toContain(other)
      } else if (!target.startsWith('node:') && !isType) {
        const name = target
          .split('/')
          .slice(0, target.startsWith('@') ? 2 : 1)
          .join('/')
        expect(dependencies[name], `${file} imports ${target}`).toContain(folder)
      }
    }
  })

  it.each(files.filter((file) => pureFolders.includes(file.split('/')[0]!)))('%s is pure', (file) => {
    const code = readFileSync(join(source, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '')
    expect(code.match(impure)?.[0], file).toBeUndefined()
  })

  it('catches a wrong import, so that the rule above can fail', () => {
    expect(importsOf("import { readFileSync } from 'node:fs'\nimport type { A } from '../store/open.js'")).toEqual([
      { target: 'node:fs', isType: false },
      { target: '../store/open.js', isType: true },
    ])
    expect(mayImport.core).not.toContain('store')
    expect(impure.test("import { readFileSync } from 'node:fs'")).toBe(true)
  })
})
