import { resolve } from 'node:path'
import { DrillPackFile } from '../../config/drill-files.js'
import { parseYaml, readSmallFile } from '../../config/load.js'
import type { Drill, Incident } from '../../core/drill/drill.js'
import { type DrillPack, packOf } from '../../core/drill/pack.js'
import { PilotError } from '../../core/errors.js'
import { readDrills } from '../../store/drills.js'
import { readFeedback } from '../../store/judgements.js'
import type { Store } from '../../store/open.js'

/** The pack in a file. Throws `PilotError` with what is wrong with it. */
export function readPack(path: string, cwd: string): DrillPack {
  const hint = 'A pack is what pilot drill new --out writes; ask for it again.'
  return parseYaml(readSmallFile(resolve(cwd, path), path), DrillPackFile, { label: path, hint })
}

/** The drill with this id, else the last one. Throws `PilotError` (exit 2) where there is none. */
export function findDrill(db: Store, id: string | undefined): Drill {
  const drills = readDrills(db)
  const found = id === undefined ? drills.at(-1) : drills.find((drill) => drill.id === id)
  if (found !== undefined) return found
  const ids = drills.map((drill) => drill.id).join(', ')
  throw new PilotError(id === undefined ? 'There is no drill yet.' : `There is no drill ${id}.`, {
    hint: ids === '' ? 'pilot drill new picks incidents.' : `There is ${ids}.`,
  })
}

/** The pack of a stored drill, with what users said of its incidents. */
export function packFromStore(db: Store, drill: Drill): DrillPack {
  const feedback = ['', ...drill.arms].flatMap((platform) => readFeedback(db, platform))
  return packOf(drill, ({ requestId, traces }: Incident) =>
    feedback.filter(
      ({ request, traceId }) =>
        (request !== undefined && request === requestId) || traces.some((trace) => trace.traceId === traceId),
    ),
  )
}
