import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PilotError } from '../../core/errors.js'
import { demoConfig } from './config.js'
import { type DemoAnswers, generateDemo } from './generate.js'
import type { Variant } from './plan.js'
import { workload } from './workload.js'

/** Makes the demo's files in `directory`, which must be new or hold an earlier demo. Returns the answers they must give. */
export function writeDemo(directory: string, variant: Variant, seed: number): DemoAnswers {
  mkdirSync(directory, { recursive: true })
  const strange = readdirSync(directory).filter((name) => !demoFiles.includes(name))
  if (strange.length > 0)
    throw new PilotError(`${directory} holds other files.`, {
      hint: 'Name a new folder: pilot demo my-demo.',
      exitCode: 3,
    })
  const { traces, requests, feedback, billing, attempts, deployments, answers } = generateDemo(variant, seed)
  const write = (name: string, lines: readonly string[]) =>
    writeFileSync(join(directory, name), `${lines.join('\n')}\n`, { mode: 0o600 })
  writeFileSync(join(directory, 'pilot.yaml'), demoConfig(variant))
  writeFileSync(join(directory, 'workload.mjs'), workload)
  write('traces.jsonl', traces)
  write('requests.jsonl', requests)
  write('feedback.jsonl', feedback)
  write('billing.csv', billing)
  write('deployments.csv', deployments)
  if (attempts.length > 0) write('attempts.csv', attempts)
  else rmSync(join(directory, 'attempts.csv'), { force: true })
  return answers
}

const demoFiles: readonly string[] = [
  'pilot.yaml',
  'pilot.lock',
  '.pilot',
  'traces.jsonl',
  'requests.jsonl',
  'feedback.jsonl',
  'billing.csv',
  'attempts.csv',
  'deployments.csv',
  'workload.mjs',
]
