import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { loadConfig } from '../../config/load.js'
import { PilotError } from '../../core/errors.js'
import type { Scorecard } from '../../core/scorecard.js'
import { formatFileReport, formatSelection } from '../../reports/ingest.js'
import type { SourceKind } from '../../store/sources.js'
import { readEvidence } from '../evidence.js'
import { ingestIntoPilot } from '../ingest-into-pilot.js'
import { readScorecard } from '../scorecard.js'
import { workspaceOf } from '../workspace.js'
import { unexpected } from './expect.js'
import { type Variant, variants } from './plan.js'
import { writeDemo } from './write-demo.js'

export interface DemoRun {
  /** The commands that were run, as a user would type them, with what they print. */
  steps: { command: string; output: string }[]
  card: Scorecard
  /** What differs from what was planted; empty when all is as expected. */
  unexpected: string[]
}

const inputs: readonly [file: string, kind: SourceKind][] = [
  ['traces.jsonl', 'traces'],
  ['requests.jsonl', 'requests'],
  ['feedback.jsonl', 'feedback'],
  ['billing.csv', 'billing'],
  ['attempts.csv', 'attempts'],
  ['deployments.csv', 'deployments'],
]

/** Makes a demo from nothing in `directory` and runs its pilot to the scorecard. Throws `PilotError` for a folder with other files. */
export async function runDemoPilot(
  directory: string,
  options: { variant: string; seed: string },
  world: { nowMs: number; stdin: Readable },
): Promise<DemoRun> {
  const variant = variantOf(options.variant)
  if (!/^\d{1,9}$/.test(options.seed))
    throw new PilotError('--seed takes a whole number.', { hint: 'pilot demo --seed 7' })
  const answers = writeDemo(directory, variant, Number(options.seed))
  rmSync(join(directory, '.pilot'), { recursive: true, force: true })
  rmSync(join(directory, 'pilot.lock'), { force: true })
  const loaded = loadConfig({ config: join(directory, 'pilot.yaml'), env: {}, cwd: directory })
  const steps: DemoRun['steps'] = []
  for (const [file, kind] of inputs.filter(([name]) => existsSync(join(directory, name)))) {
    const command = {
      ...world,
      kind,
      platform: undefined,
      format: undefined,
      thread: undefined,
      cwd: directory,
      onProgress: () => {},
    }
    const { reports, selection } = await ingestIntoPilot(loaded, [file], command)
    const lines = [...reports.map(formatFileReport), ...(selection ? [formatSelection(selection)] : [])]
    steps.push({ command: `pilot ingest ${kind === 'traces' ? '' : `--as ${kind} `}${file}`, output: lines.join('\n') })
  }
  const card = readScorecard(loaded, world.nowMs)
  const evidence = readEvidence(workspaceOf(loaded).open('read'), loaded.config)
  return { steps, card, unexpected: unexpected(answers, variant, evidence[0]!, card) } // the demo has one candidate
}

function variantOf(written: string): Variant {
  const variant = variants.find((known) => known === written)
  if (variant === undefined)
    throw new PilotError(`--variant takes ${variants.join(', ')}.`, { hint: 'pilot demo --variant reject' })
  return variant
}
