import type { Store } from './open.js'

/** Every platform that spans, scores or feedback are of, by name; '' is the application itself and not among them. */
export function platformsWithData(db: Store): string[] {
  const each = ['span', 'score', 'feedback'].map((table) => `SELECT platform FROM ${table}`)
  return db
    .prepare(`SELECT platform FROM (${each.join(' UNION ')}) WHERE platform <> '' ORDER BY platform`)
    .pluck()
    .all() as string[]
}

const others = {
  'earlier versions of spans': 'span_version',
  'names of prompts that a platform has': 'prompt_name',
  'deletions that a platform told': 'deleted_record',
  drills: 'drill',
  'eval runs': 'eval_run',
  'eval outputs': 'eval_output',
  'eval results': 'eval_result',
  'answers of judges': 'judge_answer',
  'certificates of judges': 'certificate',
  'recorded prompt tests': 'prompt_test',
  'runs of probes': 'probe_run',
  'purges, and what they keep out': 'purge',
} as const

/** What the store holds that no file of pilot's can bring back: how many of each; what there is none of is left out. */
export function countOthers(db: Store): Record<string, number> {
  const counts = Object.entries(others).map(
    ([what, table]) => [what, db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number] as const,
  )
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}
