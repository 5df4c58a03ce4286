import type { LoadedConfig } from '../../config/load.js'
import { PilotError } from '../../core/errors.js'
import type { Case } from '../../core/eval/case.js'
import { type Stratum, sampleByStratum } from '../../core/eval/stratify.js'
import type { Label } from '../../core/label.js'
import { createPolicy } from '../../core/privacy/policy.js'
import { seededRandom } from '../../core/seeded-random.js'
import { loadHash } from '../../io/salt.js'
import { readLabels } from '../../store/labels.js'
import { workspaceOf } from '../workspace.js'
import { type CaseQuery, type FoundCaseRuns, findCaseRuns } from './find-case-runs.js'
import { traceCaseReader } from './trace-case.js'

export interface DatasetRequest extends CaseQuery {
  /** How many cases at most; undefined is all. */
  sample: number | undefined
  seed: number
}

export interface MadeDataset extends Omit<FoundCaseRuns, 'runs'> {
  cases: Case[]
  /** How they were picked, in words. */
  rule: string
  /** Empty where the sample was not spread. */
  strata: Stratum[]
  /** Labels left out since people disagree. */
  disputed: number
  /** Cases that rules of privacy changed now, beyond what was done when the data came. */
  redacted: number
}

/** Cases from the stored runs of the workflow. Throws `PilotError` (exit 2) where there is none. */
export async function makeDataset(loaded: LoadedConfig, request: DatasetRequest): Promise<MadeDataset> {
  const workspace = workspaceOf(loaded)
  const db = workspace.open('read')
  try {
    const policy = await createPolicy(loaded.config.capture.privacy ?? [], loadHash(workspace.saltPath))
    const { runs, ...found } = findCaseRuns(db, loaded.config, request)
    const n = request.sample ?? runs.length
    const random = seededRandom(request.seed)
    const { sample, strata } = sampleByStratum(runs, { n, stratumOf: ({ stratum }) => stratum, random })
    const toCase = traceCaseReader(db, loaded.config, policy)
    const labels = labelIndex(readLabels(db).map((label) => policy.applyLabel(label)))
    const ids = new Set<string>()
    const cases: Case[] = []
    let disputed = 0
    let redacted = 0
    for (const run of sample) {
      const { made, isChanged } = toCase(run)
      if (isChanged) redacted += 1
      if (made === undefined) continue
      const said = agreed(run.items.flatMap((item) => labels.get(item) ?? []))
      disputed += said.disputed
      // Two platforms may keep one trace under one id.
      const id = ids.has(made.id) ? `${run.platform}/${made.id}` : made.id
      ids.add(id)
      cases.push({ ...made, id, labels: said.labels })
    }
    if (cases.length === 0) throw noCase(found)
    const ruled = { rule: ruleOf(request, { of: runs.length, took: sample.length }), strata: request.by ? strata : [] }
    return { ...found, ...ruled, cases, disputed, redacted }
  } finally {
    db.close()
  }
}

function labelIndex(labels: readonly Label[]): Map<string, Label[]> {
  const index = new Map<string, Label[]>()
  for (const label of labels) {
    const known = index.get(label.item)
    if (known) known.push(label)
    else index.set(label.item, [label])
  }
  return index
}

/** What all who answered a question say alike. */
function agreed(labels: readonly Label[]): { labels: Record<string, string>; disputed: number } {
  const names = [...new Set(labels.map(({ name }) => name))]
  const values = names.map((asked) => [
    asked,
    new Set(labels.filter(({ name }) => name === asked).map(({ value }) => value)),
  ]) as [string, Set<string>][] // pairs
  const sure = values.filter(([, said]) => said.size === 1)
  return {
    labels: Object.fromEntries(sure.map(([name, said]) => [name, [...said][0]!])),
    disputed: names.length - sure.length,
  }
}

function ruleOf(
  { filter, feedback, include, by, sample, seed }: DatasetRequest,
  { of, took }: { of: number; took: number },
): string {
  const filters = [
    ...Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [wordsOf(name, value)])),
    ...(feedback === undefined ? [] : [`feedback ${feedback}`]),
  ]
  const runs = `${['production', ...include].join(', ')} runs of the workflow in the window${filters.length > 0 ? ` with ${filters.join(', ')}` : ''}, one per input`
  if (sample === undefined) return `${runs}: all ${of}`
  const spread = by === undefined ? '' : `, by ${by}: one of each if n allows, the rest in proportion`
  return `${runs}: ${took} of ${of} at random, seed ${seed}${spread}`
}

function wordsOf(name: string, value: string | number): string {
  if (name === 'sinceMs' || name === 'untilMs')
    return `${name === 'sinceMs' ? 'a start from' : 'a start before'} ${new Date(Number(value)).toISOString()}`
  return `${name} ${value}`
}

function noCase({ matching, withoutInput, refused }: Omit<FoundCaseRuns, 'runs'>): PilotError {
  if (matching > 0)
    return new PilotError(`None of ${matching} runs has an input (${withoutInput} were stored without).`, {
      hint: 'capture.privacy in pilot.yaml says what is stored; pilot capture says what the platform gives.',
    })
  const others = Object.entries(refused).map(([origin, count]) => `${count} ${origin}`)
  return new PilotError('No run of the workflow in the window meets this.', {
    hint:
      others.length > 0
        ? `Left out: ${others.join(', ')}; --include takes them in.`
        : 'pilot traces lists what is stored.',
  })
}
