import type { Commit } from '../core/commit.js'
import type { Deployment } from '../core/deployment.js'

/** Digits of a commit that make its version: as many as `git rev-parse --short` begins with, whatever the repository grows to. */
const versionDigits = 7

/**
 * What one commit puts live, a prompt per file: a new content deploys, a removed file removes, a renamed one does both. A
 * file that only moved or changed its mode is no deployment, and hidden files are no prompts. A text says what is wrong.
 */
export function deploymentsOfCommit(commit: Commit): Deployment[] | string {
  const timeMs = Number(commit.seconds) * 1000
  if (!/^\d+$/.test(commit.seconds) || timeMs === 0 || timeMs > 8.64e15) return 'the commit has no time that is a date'
  const version = commit.sha.slice(0, versionDigits)
  const by = commit.author === '' ? undefined : commit.author
  const prompt = (name: string, action: Deployment['action'], contentHash?: string): Deployment => ({
    kind: 'prompt',
    name,
    version,
    timeMs,
    action,
    by,
    contentHash,
  })
  return commit.changes.flatMap(({ path, from = path, blob, blobBefore }) => {
    const [name, before] = [promptName(path), promptName(from)]
    const isSame = name === before
    const ended = blob === undefined ? name : isSame ? undefined : before
    return [
      ...(ended === undefined ? [] : [prompt(ended, 'remove')]),
      ...(name === undefined || blob === undefined || (isSame && blob === blobBefore)
        ? []
        : [prompt(name, 'deploy', blob)]),
    ]
  })
}

/** The name of a file without its last extension; undefined for a hidden one. */
function promptName(path: string): string | undefined {
  const parts = path.split('/')
  if (parts.some((part) => part.startsWith('.'))) return undefined
  return parts.at(-1)?.replace(/(?<=.)\.[^.]*$/, '')
}
