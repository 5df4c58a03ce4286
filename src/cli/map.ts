import { PilotError } from '../core/errors.js'
import type { MapMeasure } from '../core/map/measure.js'
import type { PlatformMap } from '../jobs/map.js'
import type { Context } from './context.js'
import type { PlatformOption } from './measure.js'

interface MapOptions extends PlatformOption {
  suggest?: boolean
  mermaid?: boolean
}

interface Shown extends PlatformMap {
  /** What `--mermaid` draws. */
  drawing?: MapMeasure
}

/** The declared map against the traces of each platform; or, of one platform, a map to paste or to draw. */
export async function runMap(context: Context, options: MapOptions): Promise<number> {
  if (options.suggest && options.mermaid)
    throw new PilotError('--suggest and --mermaid print different things.', { hint: 'Take one of them.' })
  const { workspaceOf } = await import('../jobs/workspace.js')
  const { measureDrawing, measureMaps } = await import('../jobs/map.js')
  const { requirePlatform } = await import('../jobs/platforms.js')
  const loaded = await context.loadConfig()
  const isOfOne = (options.suggest || options.mermaid) && options.platform === undefined
  const only = isOfOne ? requirePlatform(loaded.config, undefined, 'Say whose traces') : options.platform
  const db = workspaceOf(loaded).open('read')
  const names = await context.namesForProduct()
  const { mapForProduct } = await import('../core/audience/map.js')
  const see = names === undefined ? <T>(measure: T) => measure : mapForProduct(names)
  const maps = measureMaps(db, loaded.config, only).map((each) => ({
    ...{ ...each, measure: see(each.measure) },
    ...(options.mermaid && { drawing: see(measureDrawing(db, loaded.config, each)) }),
  }))
  await (context.options.json ? printJson : printText)(context, maps, options)
  return 0
}

async function printJson(context: Context, maps: readonly Shown[], options: MapOptions): Promise<void> {
  const { mapJson } = await import('../reports/map-json.js')
  const { formatMermaid } = await import('../reports/map-mermaid.js')
  context.printJson({
    schemaVersion: 1,
    platforms: maps.map(({ platform, role, measure, drawing }) => ({
      platform,
      role,
      ...mapJson(measure),
      ...(options.suggest && { suggested: measure.observed }),
      ...(drawing && { mermaid: formatMermaid(drawing) }),
    })),
  })
}

async function printText(context: Context, maps: readonly Shown[], options: MapOptions): Promise<void> {
  const { formatMap, noRuns } = await import('../reports/map.js')
  const { formatMermaid } = await import('../reports/map-mermaid.js')
  const { renderMap } = await import('../config/render-map.js')
  for (const { platform, role, measure, drawing } of maps) {
    if (maps.length > 1) context.print(context.color.bold(`${platform} (${role})`))
    const isEmpty = measure.runs === 0
    if (options.suggest)
      context.print(isEmpty ? `# not measured: ${noRuns}` : renderMap(measure.observed, measure.runs))
    else if (drawing) context.print(formatMermaid(drawing))
    else context.print(formatMap(measure, context))
  }
  if (options.suggest) context.remark('Next: read it, put it under workflow in pilot.yaml, then pilot map')
  else if (!options.mermaid)
    context.remark(
      `Next: ${maps.some(({ measure }) => measure.conforming) ? 'pilot trace <id>' : 'pilot map --suggest'}`,
    )
}
