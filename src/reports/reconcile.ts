import type { ReconciledRow } from '../core/reconcile/rows.js'
import type { Reconciliation } from '../core/reconcile.js'
import { formatCount, formatPercent, formatTime, formatUsd, nothing } from './number.js'
import { reasonRows, reasonText } from './reconcile-reasons.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'

/** How many rows of models and days are shown; all of them are in `--json`. */
const shownRows = 40

/** The bill against the traces of one platform: per model and day, then why they differ. */
export function formatReconciliation(
  result: Reconciliation | { notMeasured: string },
  options: TerminalOptions,
): string {
  const title = 'Bill against traces, US dollars per UTC day and model'
  if ('notMeasured' in result) {
    const lines = [`not measured. ${result.notMeasured}`]
    return [...formatSection({ title, lines }, options), ''].join('\n')
  }
  const { rows } = result
  const table = {
    head: ['day', 'model', 'billed', 'calls', 'traced calls', 'stated', 'computed', 'difference', 'share'],
    align: 'llrrrrrrr',
    rows: [...rows.slice(0, shownRows).map(rowCells), totalCells(result)],
  }
  const more = rows.length - shownRows
  const reasons = {
    title: 'Why they differ',
    table: { head: ['reason', 'calls', 'US dollars'], align: 'lrr', rows: reasonRows(result) },
    lines: [...result.reasons.flatMap(reasonText), ...matchingLines(result), ...tokenLines(result)],
  }
  return [
    ...formatSection(
      { title, table, lines: [...(more > 0 ? [`and ${formatCount(more)} more`] : []), ...frameLines(result)] },
      options,
    ),
    '',
    ...formatSection(reasons, options),
    '',
  ].join('\n')
}

function rowCells({ day, model, billed, traced, differenceUsd, share }: ReconciledRow): string[] {
  return [
    day ?? 'several or none',
    model ?? '(no model)',
    billed === undefined ? nothing : formatUsd(billed.costUsd),
    formatCount(billed?.calls),
    formatCount(traced === undefined ? 0 : traced.calls - traced.failedCalls),
    ...[formatUsd(traced?.statedUsd), formatUsd(traced?.computedUsd), formatUsd(differenceUsd), formatPercent(share)],
  ]
}

function totalCells({ billed, traced, differenceUsd, share }: Reconciliation): string[] {
  return rowCells({ day: 'total', model: '', billed, traced, differenceUsd, share })
}

/** What the table compares, and what it could not know. */
function frameLines({ traced, tracedTime, billedTime, mapped, ignoresModels, doubtful }: Reconciliation): string[] {
  const time = (what: string, span: typeof tracedTime) =>
    span === undefined
      ? `${what}: no time known`
      : `${what} from ${formatTime(span.startMs)} to ${formatTime(span.endMs)}`
  return [
    `${time('billed', billedTime)}; ${time('traced', tracedTime)}`,
    'the difference is what was billed less the known cost: stated, and computed for the rest; — where that is unknown, not 0',
    ...(traced.failedCalls > 0
      ? [`traced calls that failed are not in the counts: ${formatCount(traced.failedCalls)}; vendors rarely bill them`]
      : []),
    ...mapped.map(
      ({ billed, traced: inTraces }) =>
        `taken for one model (inferred): ${billed.join(', ')} on the bill, ${inTraces.join(', ')} in the traces`,
    ),
    ...(ignoresModels ? ['the bill names no model: only days are compared'] : []),
    ...doubtful
      .slice(0, 5)
      .map(
        ({ model, day, shapes }) =>
          `several bills (${shapes.join(', ')}) state costs of ${model ?? 'no model'} on ${day ?? 'several days'}: the same money may be counted twice`,
      ),
    ...(doubtful.length > 5 ? [`and ${formatCount(doubtful.length - 5)} more such days`] : []),
  ]
}

function matchingLines({ matching, notMatched }: Reconciliation): string[] {
  if (matching === undefined) return [`calls are not matched one by one: ${notMatched}`]
  const { singleCalls, by } = matching
  const matched = by.id + by['time and tokens'] + by.time
  return [
    `matched one by one: ${formatCount(matched)} of ${formatCount(singleCalls)} billed calls, ${formatCount(by.id)} by id, ${formatCount(by['time and tokens'])} by time and tokens, ${formatCount(by.time)} by time alone`,
  ]
}

const tokenNames = {
  input: 'input',
  output: 'output',
  cachedInput: 'cached input',
  cacheWrite: 'cache write',
  reasoning: 'reasoning',
}

function tokenLines({ tokens }: Reconciliation): string[] {
  if (tokens.length === 0) return ['tokens cannot be compared: there are none that both sides state']
  const parts = tokens.map(
    ({ kind, billed, traced }) =>
      `${tokenNames[kind]} ${formatCount(billed)} billed, ${formatCount(traced)} traced${billed === traced ? '' : ` (${billed > traced ? '+' : ''}${formatCount(billed - traced)})`}`,
  )
  return [`tokens that both sides state: ${parts.join('; ')}`]
}
