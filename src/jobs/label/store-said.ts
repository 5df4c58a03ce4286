import { isLaterLabel, type Label } from '../../core/label.js'
import { createPolicy } from '../../core/privacy/policy.js'
import { loadHash } from '../../io/salt.js'
import { labelWriter, readLabels } from '../../store/labels.js'
import { recordByHand } from '../../store/sources.js'
import type { Workspace } from '../workspace.js'
import type { Said } from './journal.js'

/** Takes into the store what a journal holds and the store does not; what was taken back goes out of it. */
export async function storeSaid(
  workspace: Workspace,
  { said, name, by }: { said: ReadonlyMap<string, Said>; name: string; by: string },
  nowMs: number,
): Promise<void> {
  if (said.size === 0) return
  const policy = await createPolicy(workspace.loaded.config.capture.privacy ?? [], loadHash(workspace.saltPath))
  const db = workspace.open('write')
  try {
    const stored = new Map(readLabels(db, name).flatMap((label) => (label.by === by ? [[label.item, label]] : [])))
    const later = [...said]
      .map(([item, { value = '', note, timeMs }]) => policy.applyLabel({ item, name, value, by, timeMs, note }))
      .filter((label) => isNews(label, stored.get(label.item)))
    if (later.length === 0) return
    const entry = { path: 'pilot label', policy: workspace.policyHash, nowMs, records: later.length }
    recordByHand(db, { kind: 'labels', ...entry }, (source) => {
      const writer = labelWriter(db, source)
      for (const label of later) {
        if (label.value === '') writer.remove(label)
        else writer.write(label)
      }
    })
  } finally {
    db.close()
  }
}

function isNews(label: Label, stored: Label | undefined): boolean {
  return stored === undefined ? label.value !== '' : isLaterLabel(label, stored)
}
