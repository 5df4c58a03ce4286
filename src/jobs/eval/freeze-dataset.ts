import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { writeAtomically } from '../../config/atomic-write.js'
import { PilotError } from '../../core/errors.js'
import type { FrozenDataset } from '../../core/eval/dataset.js'
import { caseHash, datasetChange, formatDatasetLock, lockPath, readDatasetLock } from './dataset-lock.js'
import { readCases } from './load-cases.js'

/** Writes down what the cases of a dataset are; a lock that says the same already stays as it is. Throws `PilotError`. */
export async function freezeDataset(
  path: string,
  world: { stdin: Readable; cwd: string },
  nowMs: number,
): Promise<FrozenDataset> {
  if (path === '-')
    throw new PilotError('A lock stands beside a file.', { hint: 'Save the cases first, and name the file.' })
  const { cases, hash, problems } = await readCases(path, world)
  const older = readDatasetLock(path, world.cwd)
  const isSame = older?.hash === hash
  const frozenMs = isSame && older !== undefined ? older.frozenMs : nowMs
  const lock = { hash, frozenMs, cases: new Map(cases.map((each) => [each.id, caseHash(each)])) }
  if (!isSame) writeAtomically(resolve(world.cwd, lockPath(path)), formatDatasetLock(lock), 0o600)
  return {
    path,
    lock: lockPath(path),
    hash,
    cases: cases.length,
    frozenMs,
    since: older && { ms: older.frozenMs, isSame, change: datasetChange(older, cases) },
    problems,
  }
}
