import type { Measurement } from '../measurement.js'
import type { Scorecard } from '../scorecard.js'
import { countsOf } from './ask.js'
import type { Audience } from './audiences.js'
import { purgedForProduct } from './purged.js'

/** The scorecard that an audience may see; made before any report, so that no report can show more. */
export function forAudience(scorecard: Scorecard, audience: Audience): Scorecard {
  if (audience === 'product') return forProduct(scorecard)
  return audience === 'security' ? forSecurity(scorecard) : scorecard
}

/** Numbers and fixed words alone, taken over one by one: a field that is added later is not seen by accident. */
function forProduct(card: Scorecard): Scorecard {
  const { pilot, madeAtMs, final, platforms, decisions, closings, exitCode } = card
  return {
    pilot,
    madeAtMs,
    final,
    platforms,
    lines: card.lines.map(({ line, rows }) => ({
      line,
      rows: rows.map(({ id, title, unit, target, must, cells }) => ({
        ...{ id, title, line, unit, target, must, query: undefined },
        cells: cells.map(({ platform, measurement, judgement }) => ({
          platform,
          measurement: bare(measurement),
          judgement,
        })),
      })),
    })),
    amended: card.amended.map(({ criterion, title, unit, before, after, verdicts }) => ({
      ...{ criterion, title, unit, before, after, verdicts },
      reason: undefined,
    })),
    changedTerms: [],
    questions: card.questions.map((each) => ({ ...each, questions: each.questions.map(countsOf) })),
    findings: [],
    meeting: card.meeting.map(({ platform, coverage, costPerRun, latency, debugTimes, personas }) => ({
      ...{ platform, coverage, costPerRun, latency },
      // A group may be one person's: how many runs it holds is not known here.
      costByModel: { groups: [], more: 0 },
      costByTenant: { groups: [], more: 0 },
      ...(debugTimes && { debugTimes }),
      personas,
    })),
    decisions,
    closings,
    review: { attendees: [], owners: [], next_workflows: [], waivers: [] },
    security: undefined,
    leaks: [],
    sources: [],
    purged: card.purged.map(({ platform, ...purged }) => ({ platform, ...purgedForProduct([purged])[0]! })),
    exitCode,
  }
}

function bare(measurement: Measurement): Measurement {
  if (!measurement.measured) return { measured: false, reason: 'There is no evidence yet.' }
  const { value, unit, n, interval, x } = measurement
  return { measured: true, value, unit, n, ...(interval && { interval }), ...(x !== undefined && { x }), evidence: [] }
}

/** What is kept safe: coverage, leaks by rule and count, and the answers of the security review. */
function forSecurity(card: Scorecard): Scorecard {
  const product = forProduct(card)
  const seen = new Set(['trace completeness', 'production safety'])
  return {
    ...product,
    lines: product.lines.map(({ line, rows }) => ({ line, rows: seen.has(line) ? rows : [] })),
    questions: [],
    meeting: [],
    security: card.security,
    leaks: card.leaks,
  }
}
