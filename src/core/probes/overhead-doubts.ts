import { holm } from '../stats/multiple.js'
import type { Arm, OverheadLevel, OverheadResult, OverheadSettings } from './overhead.js'

/** An arm with a larger share of failures says little of latency: those that failed are not in it. */
const mostFailed = 0.05
/** From this load on each processor others take part in the measurement. */
const busyLoad = 0.5

/** Why no verdict may be drawn; empty where one may. */
export function doubtsOf({ levels }: Pick<OverheadResult, 'levels'>): string[] {
  return [...checkAlarms(levels), ...levels.flatMap(failureDoubts)]
}

/**
 * What the check of `off` against `off` found where there is nothing: a difference at a level of 5 % over all latencies and
 * concurrencies together (t tests, Holm).
 */
function checkAlarms(levels: readonly OverheadLevel[]): string[] {
  const tests = levels.flatMap(({ concurrency, check }) =>
    check.flatMap(({ figure, added }) => (added === undefined ? [] : [{ concurrency, figure, added }])),
  )
  const adjusted = holm(tests.map(({ added }) => added.tP))
  return tests.flatMap(({ concurrency, figure, added: { mean } }, at) =>
    adjusted[at]! < 0.05
      ? [
          `off against off differ by ${ms(mean)} in ${figure} at concurrency ${concurrency}, so that this machine measures something else too; stop what runs beside it and run again`,
        ]
      : [],
  )
}

function failureDoubts({ concurrency, failed }: OverheadLevel): string[] {
  return (['off', 'on'] as const).flatMap((arm) => {
    const { x, n } = failed[arm]
    return x > n * mostFailed
      ? [
          `${x} of ${n} requests failed with instrumentation ${arm} at concurrency ${concurrency}; latency is of the others alone`,
        ]
      : []
  })
}

/** What the reader should know, beside the doubts. */
export function warningsOf({ machine, levels, settings, declared }: OverheadResult): string[] {
  return [
    ...differing(settings, declared),
    ...(machine.load !== undefined && machine.load > busyLoad * machine.cores
      ? [
          `the load average was ${Number(machine.load.toFixed(2))} on ${machine.cores} processors before the first run: others take part`,
        ]
      : []),
    ...levels.flatMap(({ concurrency, outliers, slowFirst }) => [
      ...(outliers.length === 0
        ? []
        : [
            `concurrency ${concurrency}: far from the other pairs (modified z-score above 3.5), and in the interval: pair ${outliers.join(', ')}`,
          ]),
      ...slowFirst.map(
        (arm) => `concurrency ${concurrency}: the first run with instrumentation ${arm} was far slower than the others`,
      ),
    ]),
    ...levels.flatMap(({ concurrency, failed }) =>
      rate(failed, 'on') > rate(failed, 'off')
        ? [`concurrency ${concurrency}: more requests failed with instrumentation on than off`]
        : [],
    ),
  ]
}

/** Each setting that was not as pilot.yaml has it. */
export function differing(settings: OverheadSettings, declared: OverheadSettings): string[] {
  return (['pairs', 'requests', 'concurrency'] as const).flatMap((key) => {
    const [was, is] = [String(declared[key]), String(settings[key])]
    return was === is ? [] : [`run with ${key} ${is}; pilot.yaml has ${was}`]
  })
}

function rate(failed: OverheadLevel['failed'], arm: Arm): number {
  return failed[arm].n === 0 ? 0 : failed[arm].x / failed[arm].n
}

function ms(value: number): string {
  return `${Number(value.toPrecision(2))} ms`
}
