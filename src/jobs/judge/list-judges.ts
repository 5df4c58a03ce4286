import type { LoadedConfig } from '../../config/load.js'
import type { Certificate } from '../../core/eval/certificate.js'
import { gateOf } from '../../core/eval/gate.js'
import { readCertificates } from '../../store/judges.js'
import { readJudges } from '../eval/judges.js'
import { workspaceOf } from '../workspace.js'

/** A judge of pilot.yaml and whether it may hold a release. */
export interface ListedJudge {
  id: string
  model: string
  hash: string
  certificate: Certificate | undefined
  /** Why it may not; undefined where it may. */
  whyNot: string | undefined
}

/** The judges of pilot.yaml with their certificates. */
export function listJudges(loaded: LoadedConfig, nowMs: number): ListedJudge[] {
  const db = workspaceOf(loaded).open('read')
  try {
    const certificates = readCertificates(db)
    return [...readJudges(loaded).values()].map(({ spec, hash }) => {
      const gate = gateOf({ id: spec.id, hash, gate: true, judge: { id: spec.id, hash } }, certificates, nowMs)
      return {
        id: spec.id,
        model: spec.model,
        hash,
        certificate: certificates.get(hash),
        whyNot: gate.gates ? undefined : gate.why,
      }
    })
  } finally {
    db.close()
  }
}
