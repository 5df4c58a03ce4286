import type { Config } from '../config/schema.js'
import { type Figures, measureFigures } from '../core/figures.js'
import { createPricer, type Pricer } from '../core/prices.js'
import { countAttempts } from '../store/attempts.js'
import { countBilledLines } from '../store/billing.js'
import { countDeployments } from '../store/deployments.js'
import { eachTrace } from '../store/each-trace.js'
import { countJudgements } from '../store/joins.js'
import { countLabels } from '../store/labels.js'
import { countLogEntries } from '../store/log.js'
import type { Store } from '../store/open.js'
import { readPurges } from '../store/purge/audit.js'
import { countRequests } from '../store/requests.js'
import { readSources, type Source } from '../store/sources.js'

/** The figures of traces with what came beside them. */
export type AllFigures = Figures & {
  scores: number
  feedback: number
  requests: number
  billing: number
  deployments: number
  attempts: number
  labels: number
  logEntries: number
}

/** The shape of `pilot data --json`. */
export interface DataReport {
  schemaVersion: 1
  platforms: ({ platform: string } & AllFigures)[]
  sources: (Omit<Source, 'id' | 'sha256'> & { sha256: string | null } & AllFigures)[]
  total: AllFigures
  /** Purges so far, and how many traces they took out; null where it is not shown, since a few may be one person's. */
  purged: { purges: number; traces: number | null; lastMs: number | null; notScrubbed: number }
}

/** All that is stored, whatever the window and `workflow.match`: per platform, per source and together. */
export function readData(db: Store, config: Config): DataReport {
  const price = createPricer(config.prices)
  const sources = readSources(db)
  const platforms = [...new Set(sources.filter(({ kind }) => kind === 'traces').map(({ platform }) => platform))].sort()
  const perPlatform = platforms.map((platform) => ({
    platform,
    ...measureFigures(eachTrace(db, platform), price),
    ...countJudgements(db, { platform }),
    requests: 0,
    billing: 0,
    deployments: 0,
    attempts: 0,
    labels: 0,
    logEntries: 0,
  }))
  return {
    schemaVersion: 1,
    platforms: perPlatform,
    sources: sources.map((source) => sourceFigures(db, source, price)),
    total: {
      ...(perPlatform.length === 1 ? figuresOf(perPlatform[0]!) : measureFigures(all(db, platforms), price)),
      ...countJudgements(db, 'all'),
      requests: countRequests(db),
      billing: countBilledLines(db),
      deployments: countDeployments(db),
      attempts: countAttempts(db),
      labels: countLabels(db),
      logEntries: countLogEntries(db),
    },
    purged: purgedIn(db),
  }
}

function purgedIn(db: Store): DataReport['purged'] {
  const purges = readPurges(db).filter(({ selector }) => selector !== 'restore')
  const traces = purges.reduce((sum, purge) => sum + purge.traces, 0)
  const notScrubbed = purges.filter(({ state }) => state === 'removed').length
  return { purges: purges.length, traces, lastMs: purges.at(-1)?.timeMs ?? null, notScrubbed }
}

function figuresOf({ platform: _, ...figures }: { platform: string } & AllFigures): Figures {
  return figures
}

function* all(db: Store, platforms: readonly string[]) {
  for (const platform of platforms) yield* eachTrace(db, platform)
}

/** A span that stands in two files counts for each of them. */
function sourceFigures(db: Store, { id, ...source }: Source, price: Pricer): DataReport['sources'][number] {
  return {
    ...source,
    sha256: source.sha256 ?? null,
    ...measureFigures(source.kind === 'traces' ? eachTrace(db, source.platform, id) : [], price),
    ...countJudgements(db, { source: id }),
    requests: source.kind === 'requests' ? countRequests(db, id) : 0,
    billing: source.kind === 'billing' ? countBilledLines(db, id) : 0,
    deployments: source.kind === 'deployments' ? countDeployments(db, id) : 0,
    attempts: source.kind === 'attempts' ? countAttempts(db, id) : 0,
    labels: source.kind === 'labels' ? countLabels(db, id) : 0,
    logEntries: source.kind === 'log' ? countLogEntries(db, id) : 0,
  }
}
