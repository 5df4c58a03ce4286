import type { Deployment } from '../core/deployment.js'
import type { Missing, PromotionRequest, Standing, SuiteEvidence } from '../core/promotion.js'
import { formatDay } from './number.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'

interface Grounds {
  standing: Standing
  suites: readonly SuiteEvidence[]
  missing: readonly Missing[]
}

/** A decision on a promotion, for any report. */
export interface ShownPromotion extends Grounds {
  request: PromotionRequest
  status: 'granted' | 'forced' | 'refused' | 'live already'
  deployment: Deployment | undefined
  isDryRun: boolean
}

/** What a deployment keeps of the grounds that it was granted on, in words; undefined where none were asked for. */
export function evidenceText({ standing, suites, missing }: Grounds, forceReason?: string): string | undefined {
  const parts = [
    ...(forceReason === undefined ? [] : [`forced: ${forceReason}`, ...missing.map(({ what }) => `missing: ${what}`)]),
    ...suites.filter((each) => each.missing.length === 0).map((each) => suiteText(each, standing)),
  ]
  return parts.length === 0 ? undefined : parts.join('; ')
}

function suiteText({ suite, run, against }: SuiteEvidence, { prompt, live }: Standing): string {
  if (live === undefined || against === undefined)
    return `${suite}: ${run} of ${prompt}, with none live to compare with`
  return `${suite}: ${run} of ${prompt} against ${against.run} of ${live.name}@${live.version}: ${against.verdict}`
}

/** A decision for a terminal. */
export function formatPromotion(promotion: ShownPromotion, options: TerminalOptions): string {
  const { request, standing, suites, missing, status, deployment, isDryRun } = promotion
  const { live } = standing
  const lines = [
    ...(live === undefined ? [] : [`live there: ${live.name}@${live.version}, since ${formatDay(live.sinceMs)}`]),
    // What was granted has them as its evidence.
    ...(deployment === undefined ? suites.filter((each) => each.missing.length === 0) : []).map((each) =>
      suiteText(each, standing),
    ),
    ...missing.map(({ what, next }) => `missing: ${what}: ${next}`),
    ...(deployment === undefined ? [] : deploymentLines(deployment, isDryRun)),
  ]
  return formatSection({ title: `${standing.prompt} to ${request.to}: ${status}`, lines }, options).join('\n')
}

function deploymentLines({ action, by, evidence, timeMs }: Deployment, isDryRun: boolean): string[] {
  const minute = new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ')
  return [
    `${isDryRun ? 'would be recorded' : 'recorded'}: ${action}, ${minute} UTC${by === undefined ? '' : `, by ${by}`}`,
    ...(evidence === undefined ? [] : [`evidence: ${evidence}`]),
  ]
}

/** A decision as `--json` prints it. */
export function promotionJson({ request, standing, suites, missing, status, deployment, isDryRun }: ShownPromotion) {
  const { live, action } = standing
  return {
    schemaVersion: 1,
    status,
    name: request.name,
    version: request.version,
    environment: request.to,
    action: status === 'live already' ? null : action,
    live: live === undefined ? null : { version: live.version, sinceMs: live.sinceMs },
    suites: suites.map(({ suite, run, against }) => ({
      suite,
      run: run ?? null,
      against: against?.run ?? null,
      verdict: against?.verdict ?? null,
    })),
    missing,
    dryRun: isDryRun,
    deployment: deployment ?? null,
  }
}
