import type { OverheadLevel, PairedFigure } from '../core/probes/overhead.js'
import { differing, doubtsOf, warningsOf } from '../core/probes/overhead-doubts.js'
import { figureKinds } from '../core/probes/overhead-figures.js'
import { formatTarget } from '../core/target.js'
import { formatTime } from './number.js'
import type { ShownOverhead } from './probe-overhead.js'

/** A probe as `--json` prints it, unrounded. */
export function overheadJson({ run, measurement, target, judgement }: ShownOverhead) {
  const { id, platform, startedMs, endedMs, result } = run
  const { way, traffic, settings, declared, machine, levels, runs } = result
  return {
    ...{ id, platform, started: formatTime(startedMs), ended: formatTime(endedMs) },
    verdict: judgement?.verdict ?? null,
    budget: target === undefined ? null : formatTarget(target, 'ms'),
    addedP95Ms: measurement.measured ? measurement.value : null,
    interval: measurement.measured && measurement.interval ? measurement.interval : null,
    n: measurement.measured ? measurement.n : 0,
    neededPairs: judgement?.neededN ?? null,
    reason: measurement.measured ? null : measurement.reason,
    doubts: doubtsOf(result),
    warnings: warningsOf(result),
    ...{ samples: way, traffic, settings, declared, differs: differing(settings, declared) },
    machine: { cores: machine.cores, load: machine.load ?? null },
    levels: levels.map(levelJson),
    runs,
  }
}

function levelJson({ concurrency, check, figures, failed, outliers, slowFirst }: OverheadLevel) {
  return { concurrency, check: check.map(figureJson), figures: figures.map(figureJson), failed, outliers, slowFirst }
}

function figureJson({ figure, n, off, on, added, reason }: PairedFigure) {
  return {
    figure,
    unit: figureKinds.find(({ id }) => id === figure)?.unit ?? null,
    ...{ n, off: off ?? null, on: on ?? null, added: added?.mean ?? null },
    interval: added === undefined ? null : { low: added.low, high: added.high },
    p: added?.p ?? null,
    reason: reason ?? null,
  }
}
