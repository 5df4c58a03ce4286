import type { Config } from '../config/schema.js'
import { PilotError } from '../core/errors.js'
import { type Dimension, dimensions, type Evidence } from '../core/evidence.js'
import type { Store } from '../store/open.js'
import type { Context } from './context.js'

/** Reads what is measured of each platform, or of the one that is named. */
type Reader<T> = (db: Store, config: Config, platform: string | undefined) => T[]

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

/** Reads what one command measures, leaves what its reader may see, and prints, per platform, what it makes of it. */
export async function measure<T extends Pick<Evidence, 'platform' | 'role'>>(
  context: Context,
  { platform }: PlatformOption,
  show: { read: Reader<T>; json(measured: T): object; text(measured: T): string; next: string },
): Promise<number> {
  const { workspaceOf } = await import('../jobs/workspace.js')
  const loaded = await context.loadConfig()
  const measured = await seenOf(context, show.read(workspaceOf(loaded).open('read'), loaded.config, platform))
  if (context.options.json) {
    context.printJson({
      schemaVersion: 1,
      platforms: measured.map((each) => ({ platform: each.platform, role: each.role, ...show.json(each) })),
    })
    return 0
  }
  for (const each of measured) {
    if (measured.length > 1) context.print(context.color.bold(`${each.platform} (${each.role})`))
    context.print(show.text(each))
  }
  context.remark(`Next: ${show.next}`)
  return 0
}

async function seenOf<T>(context: Context, measured: readonly T[]): Promise<readonly T[]> {
  const names = await context.namesForProduct()
  if (names === undefined) return measured
  const { evidenceForProduct } = await import('../core/audience/evidence.js')
  // What is read is a part of the evidence: of fields that it lacks, nothing is made.
  return measured.map(evidenceForProduct(names) as unknown as (each: T) => T)
}
