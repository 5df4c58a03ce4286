import { changedAt, prompt, releases } from './changes.js'
import { earliestMs } from './plan.js'

/** What went live when, as CSV. Prompt 8 had no review. */
export function demoDeployments(): string[] {
  const rows: readonly [index: number, kind: 'prompt' | 'release', version: string, action: string, review: string][] =
    [
      [0, 'prompt', prompt.first, 'deploy', 'lead'],
      [0, 'release', releases.first, 'deploy', 'lead'],
      [changedAt.second, 'prompt', prompt.second, 'deploy', ''],
      [changedAt.second, 'release', releases.second, 'deploy', 'lead'],
      [changedAt.badRelease, 'release', releases.bad, 'deploy', 'lead'],
      [changedAt.releaseRollback, 'release', releases.second, 'rollback', ''],
      [changedAt.promptRollback, 'prompt', prompt.first, 'rollback', ''],
      [changedAt.promptAgain, 'prompt', prompt.second, 'deploy', ''],
    ]
  return [
    'time,kind,name,version,environment,action,by,reviewed_by',
    ...rows.map(([index, kind, version, action, review]) => {
      const name = kind === 'prompt' ? prompt.name : 'support-bot'
      return [
        new Date(earliestMs(index)).toISOString(),
        kind,
        name,
        version,
        'production',
        action,
        'dev1',
        review,
      ].join(',')
    }),
  ]
}
