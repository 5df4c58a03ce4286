import { fewestRuns } from '../../core/audience/audiences.js'
import { figuresForProduct } from '../../core/audience/figures.js'
import type { Names } from '../../core/audience/names.js'
import type { AllFigures, DataReport } from '../data.js'

/** What is stored, in figures; sources by number, without their paths and what stood in them. */
export function dataForProduct({ platforms, sources, total, purged }: DataReport, names: Names): DataReport {
  const figures = (all: AllFigures): AllFigures => {
    const { scores, feedback, requests, billing, deployments, attempts, labels, logEntries } = all
    return {
      ...figuresForProduct(all, names),
      ...{ scores, feedback, requests, billing, deployments, attempts, labels, logEntries },
    }
  }
  return {
    schemaVersion: 1,
    platforms: platforms.map(({ platform, ...all }) => ({ platform: names.of('platform', platform), ...figures(all) })),
    sources: sources.map(({ kind, platform, format, state, records, problems, ingestedMs, bytes, ...rest }, place) => ({
      ...{ kind, path: `source ${place + 1}`, platform: platform === '' ? '' : names.of('platform', platform) },
      ...{ format, state, records, problems, ingestedMs, bytes },
      ...{ sha256: null, reason: undefined, skipped: {}, redacted: {} },
      ...figures(rest),
    })),
    total: figures(total),
    purged: { ...purged, traces: (purged.traces ?? 0) < fewestRuns ? null : purged.traces },
  }
}
