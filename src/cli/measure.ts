import { PilotError } from '../core/errors.js'
import { type Dimension, dimensions, type Evidence } from '../core/evidence.js'
import type { Context } from './context.js'

export interface PlatformOption {
  platform?: string
}

/** The option that narrows a measure to one platform. */
export const platformOption = ['--platform <id>', 'of this platform only'] as const

/** The option that narrows a breakdown to some dimensions. */
export const byOption = ['--by <dimension>', `one of ${dimensions.join(', ')}; by default all`] as const

/** The dimensions that `--by` names; all without it. */
export function dimensionsOf(by: string | undefined): readonly Dimension[] {
  if (by === undefined) return dimensions
  const wanted = dimensions.filter((dimension) => dimension === by.replaceAll('-', ' '))
  if (wanted.length > 0) return wanted
  throw new PilotError(`Nothing is broken down by ${by}.`, { hint: `--by takes ${dimensions.join(', ')}.` })
}

/** Reads the evidence once and prints, per platform, what one command makes of it. */
export async function measure(
  context: Context,
  { platform }: PlatformOption,
  show: { json(evidence: Evidence): object; text(evidence: Evidence): string; next: string },
): Promise<number> {
  const { workspaceOf } = await import('../jobs/workspace.js')
  const { readEvidence } = await import('../jobs/evidence.js')
  const loaded = await context.loadConfig()
  const evidence = readEvidence(workspaceOf(loaded).open('read'), loaded.config)
  const wanted = evidence.filter((each) => platform === undefined || each.platform === platform)
  if (wanted.length === 0)
    throw new PilotError(`pilot.yaml names no platform ${platform}.`, {
      hint: `It names ${evidence.map((each) => each.platform).join(', ')}.`,
    })
  if (context.options.json) {
    context.printJson({
      schemaVersion: 1,
      platforms: wanted.map((each) => ({ platform: each.platform, role: each.role, ...show.json(each) })),
    })
    return 0
  }
  for (const each of wanted) {
    if (wanted.length > 1) context.print(context.color.bold(`${each.platform} (${each.role})`))
    context.print(show.text(each))
  }
  context.remark(`Next: ${show.next}`)
  return 0
}
