import type { Measurement, Verdict } from '../core/measurement.js'
import {
  type DeletionProbe,
  type Fate,
  type PlannedTrace,
  summariseDeletion,
  type TraceFate,
} from '../core/probes/deletion.js'
import type { ProbeRun } from '../core/probes/evidence.js'
import { csvCell } from './label-form.js'
import { formatDay, formatNumber, formatTime, nothing } from './number.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'

type DeletionRun = Pick<ProbeRun<DeletionProbe>, 'platform' | 'result'>

/** The deletion trace by trace: what to delete and what to leave; once it was looked for, how each stands. */
export function formatDeletion(
  { platform, result }: DeletionRun,
  { measurement, verdict }: { measurement: Measurement; verdict: Verdict | undefined },
  options: TerminalOptions,
): string {
  const { fates } = summariseDeletion(result)
  const title =
    result.deletedMs === undefined
      ? `To delete on ${platform}: planned ${formatTime(result.plannedMs)}`
      : `Deleted on ${platform} at ${formatTime(result.deletedMs)}`
  const kept = [...new Set(result.traces.flatMap(({ controls }) => controls))]
  const alone = result.traces.filter(({ controls }) => controls.length === 0).map(({ traceId }) => traceId)
  const section = {
    title,
    table: {
      head: ['trace', 'environment', 'began', result.looks.length === 0 ? 'why' : 'stands'],
      align: 'rlrl',
      rows: fates.map((fate) => [
        fate.trace.traceId,
        fate.trace.environment ?? nothing,
        fate.trace.startMs === undefined ? nothing : formatDay(fate.trace.startMs),
        result.looks.length === 0 ? fate.trace.why : fateText(fate),
      ]),
    },
    lines: [
      ...(kept.length === 0 ? [] : [`leave these, which tell a fresh export from a stale one: ${kept.join(', ')}`]),
      ...alone.map(
        (id) => `${id}: no other trace of its day and environment is known; its absence will prove nothing.`,
      ),
      ...fates.flatMap(({ trace, channels }) =>
        channels
          .filter((_, __, all) => all.length > 1)
          .map(
            (each) =>
              `${trace.traceId} ${each.channel === 'export' ? 'in exports' : 'by the command'}: ${fateText(each)}`,
          ),
      ),
      ...(result.looks.length === 0 ? [] : [conclusion(measurement, verdict)]),
    ],
  }
  return formatSection(section, options).join('\n')
}

function conclusion(measurement: Measurement, verdict: Verdict | undefined): string {
  const head = verdict ?? (measurement.measured ? 'measured' : 'not measured')
  return `${head}: ${measurement.measured ? (measurement.note ?? '') : measurement.reason}`
}

function fateText({ state, lowMs, highMs, why }: Fate): string {
  if (state === 'gone') return `gone after ${hoursText(lowMs)} to ${hoursText(highMs ?? 0)} h`
  return state === 'present' ? `still there after ${hoursText(lowMs)} h` : `unknown: ${why ?? 'nobody has looked yet'}`
}

/** To the hundredth: less is no finding of hours. */
const hoursText = (ms: number) => formatNumber(Math.round(ms / 36_000) / 100, 3)

/** The sheet for whoever deletes: a row per trace, to delete or to leave. */
export function deletionSheet({ traces }: DeletionProbe): string {
  const kept = [...new Set(traces.flatMap(({ controls }) => controls))]
  const row = ({ traceId, environment = '', startMs }: Pick<PlannedTrace, 'traceId' | 'environment' | 'startMs'>) =>
    `${csvCell(traceId)},delete,${csvCell(environment)},${startMs === undefined ? '' : formatTime(startMs)}`
  return `${['trace,do,environment,began', ...traces.map(row), ...kept.map((id) => `${csvCell(id)},leave,,`)].join('\n')}\n`
}

/** A deletion as `--json` prints it; hours are after the deletion, null where unknown. */
export function deletionJson(
  { platform, result }: DeletionRun,
  measurement: Measurement,
  verdict: Verdict | undefined,
) {
  const { fates, gone, present, unknown, last, retention } = summariseDeletion(result)
  const { plannedMs, deletedMs, seed, looks } = result
  return {
    platform,
    plannedAt: formatTime(plannedMs),
    deletedAt: deletedMs === undefined ? null : formatTime(deletedMs),
    seed: seed ?? null,
    verdict: verdict ?? null,
    ...{ gone, present, unknown },
    last: fateJson(last),
    reason: measurement.measured ? null : measurement.reason,
    traces: fates.map(traceJson),
    looks: looks.map(({ atMs, channel, files = [], sightings }) => ({
      ...{ at: formatTime(atMs), channel, files },
      sightings: sightings.map(({ traceId, found, why }) => ({ trace: traceId, found, why: why ?? null })),
    })),
    retention: retention === undefined ? null : { ...retention, oldestMs: retention.oldestMs ?? null },
  }
}

function traceJson({ trace, channels, ...fate }: TraceFate) {
  const { traceId, environment, startMs, why, controls } = trace
  return {
    ...{ trace: traceId, environment: environment ?? null, began: startMs === undefined ? null : formatTime(startMs) },
    ...{ chosen: why, controls, ...fateJson(fate) },
    channels: channels.map(({ channel, ...each }) => ({ channel, ...fateJson(each) })),
  }
}

function fateJson({ state, lowMs, highMs, why }: Fate) {
  const hours = (ms: number | undefined) => (ms === undefined ? null : ms / 3_600_000)
  return { state, fromHours: state === 'unknown' ? null : hours(lowMs), toHours: hours(highMs), why: why ?? null }
}
