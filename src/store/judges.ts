import type { Certificate } from '../core/eval/certificate.js'
import type { Store } from './open.js'

/** What a judge once said to exactly this; undefined if it was not asked. */
export function readJudgeAnswer(db: Store, key: string): string | undefined {
  return db.prepare('SELECT body FROM judge_answer WHERE key = ?').pluck().get(key) as string | undefined
}

/** Keeps what a judge said, by the hash of everything that was sent. */
export function saveJudgeAnswer(db: Store, key: string, answer: string, timeMs: number): void {
  db.prepare('INSERT OR REPLACE INTO judge_answer (key, time_ms, body) VALUES (?, ?, ?)').run(
    key,
    timeMs,
    answer.toWellFormed(),
  )
}

/** Forgets what a judge said to exactly this. */
export function dropJudgeAnswer(db: Store, key: string): void {
  db.prepare('DELETE FROM judge_answer WHERE key = ?').run(key)
}

/** Keeps a certificate, granted or refused. */
export function saveCertificate(db: Store, certificate: Certificate): void {
  const { judgeHash, issuedMs } = certificate
  db.prepare('INSERT OR REPLACE INTO certificate (judge_hash, time_ms, body) VALUES (?, ?, ?)').run(
    judgeHash,
    issuedMs,
    JSON.stringify(certificate),
  )
}

/** The last certificate of each judge, by the hash of the judge. */
export function readCertificates(db: Store): Map<string, Certificate> {
  const bodies = db.prepare('SELECT body FROM certificate ORDER BY time_ms').pluck().all() as string[]
  return new Map(
    bodies.map((body) => {
      const certificate = JSON.parse(body) as Certificate // as saveCertificate wrote it
      return [certificate.judgeHash, certificate]
    }),
  )
}
