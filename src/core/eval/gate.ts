import type { Certificate } from './certificate.js'
import type { RunCheck } from './run.js'

/** Whether a check may hold a release, and why not where it was meant to. */
export type Gate = { gates: true } | { gates: false; why: string }

/** A check gates unless the suite says otherwise; one that asks a judge needs the judge's certificate, granted and not expired. */
export function gateOf({ gate, judge }: RunCheck, certificates: ReadonlyMap<string, Certificate>, nowMs: number): Gate {
  if (!gate) return { gates: false, why: 'it only reports' }
  if (judge === undefined) return { gates: true }
  const certificate = certificates.get(judge.hash)
  const next = `pilot judge validate ${judge.id}`
  if (certificate === undefined) return { gates: false, why: `the judge ${judge.id} has no certificate: ${next}` }
  if (!certificate.granted)
    return { gates: false, why: `the judge ${judge.id} was refused its certificate: ${certificate.reasons[0] ?? next}` }
  if (certificate.expiresMs <= nowMs)
    return { gates: false, why: `the certificate of the judge ${judge.id} has expired: ${next}` }
  return { gates: true }
}
