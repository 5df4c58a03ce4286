import { type Deployment, type DeploymentKind, deploymentActions, deploymentKinds } from '../core/deployment.js'
import { missing } from './requests.js'
import { type Columns, cell, type Row, textCell } from './row.js'
import { msOfMoment } from './time.js'

/** Our field of a deployment → the names under which logs and the deployments API of GitHub keep it, first match wins. */
export const deploymentColumns = {
  time: ['time', 'timestamp', 'ts', 'deployed_at', 'deployedAt', 'created_at', 'createdAt'],
  kind: ['kind', 'type'],
  name: ['name', 'prompt_name', 'promptName', 'prompt.name', 'prompt', 'service', 'service.name'],
  version: ['version', 'prompt_version', 'promptVersion', 'prompt.version', 'sha', 'git_sha', 'commit', 'release'],
  environment: ['environment', 'env', 'stage'],
  action: ['action'],
  by: ['by', 'user', 'author', 'deployed_by', 'deployedBy', 'creator.login'],
  reviewed_by: ['reviewed_by', 'reviewedBy', 'reviewer', 'approved_by'],
  evidence: ['evidence', 'ticket', 'pull_request'],
  content_hash: ['content_hash', 'contentHash', 'hash'],
} as const

/** Columns that only one kind has, for rows that do not say theirs. */
const tellTale: readonly [DeploymentKind, readonly string[]][] = [
  ['prompt', ['prompt_name', 'promptName', 'prompt.name', 'prompt', 'prompt_version', 'promptVersion']],
  ['release', ['sha', 'git_sha', 'commit', 'release', 'service', 'service.name']],
]

/** One deployment from one row, or what is wrong with the row. */
export function readDeployment(row: Row, columns: Columns): Deployment | string {
  const text = (field: keyof typeof deploymentColumns) => textCell(row, field, columns, deploymentColumns[field])
  const time = cell(row, 'time', columns, deploymentColumns.time)
  if (time === undefined) return missing('time', columns, deploymentColumns.time)
  const timeMs = msOfMoment(time)
  if (timeMs === undefined) return 'the time is neither ISO 8601 nor an epoch number'
  const named = text('kind')?.toLowerCase()
  const kind = named === undefined ? kindOf(row) : deploymentKinds.find((known) => known === named)
  if (kind === undefined)
    return named === undefined
      ? `no kind: expected a column kind with ${deploymentKinds.join(' or ')}`
      : `the kind is none of ${deploymentKinds.join(', ')}`
  const name = text('name')
  if (name === undefined && kind === 'prompt') return missing('name', columns, deploymentColumns.name)
  const version = text('version')
  if (version === undefined) return missing('version', columns, deploymentColumns.version)
  const done = text('action')?.toLowerCase() ?? 'deploy'
  const action = deploymentActions.find((known) => known === done)
  if (action === undefined) return `the action is none of ${deploymentActions.join(', ')}`
  return {
    kind,
    name,
    version,
    timeMs,
    environment: text('environment'),
    action,
    by: text('by'),
    reviewedBy: text('reviewed_by'),
    evidence: text('evidence'),
    contentHash: text('content_hash'),
  }
}

function kindOf(row: Row): DeploymentKind | undefined {
  return tellTale.find(([, names]) => textCell(row, '', {}, names) !== undefined)?.[0]
}
