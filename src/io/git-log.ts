import type { Commit, FileChange } from '../core/commit.js'
import { PilotError } from '../core/errors.js'
import { type GitCall, runGit } from './git.js'

/**
 * The commits of the checked-out branch, branches merged into it included, that changed a file in a folder; the latest
 * first. A merge has the files that are like none of its parents'. Throws `PilotError` (exit 3) where the folder is in no
 * repository, or its branch has no commit.
 */
export async function* readGitLog(call: GitCall): AsyncGenerator<Commit> {
  const { name } = call
  const [isInside, prefix = ''] = await linesOf(
    runGit(['rev-parse', '--is-inside-work-tree', '--show-prefix'], call, (stderr) => noRepository(stderr, name)),
  )
  if (isInside !== 'true') throw noRepository('', name)
  const noCommit = () =>
    new PilotError(`The git repository of ${name} has no commit.`, { hint: 'Commit the prompts first.', exitCode: 3 })
  await linesOf(runGit(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], call, noCommit))
  const broken = () =>
    new PilotError(`git cannot read the history of ${name}.`, {
      hint: 'See what is wrong: git fsck. A partial clone lacks what it would have to fetch: clone it whole.',
      exitCode: 3,
    })
  yield* readCommits(fieldsOf(runGit(log, call, broken), name), prefix)
}

const log = [
  ...['log', '--raw', '-z', '--no-abbrev', '--format=tformat:%H%x00%ct%x00%an', '--encoding=UTF-8'],
  // Without `--full-history` git leaves out what a merge has overruled, though it was live until then.
  ...['--full-history', '-c', '--find-renames', '--no-relative', '-O/dev/null'],
  ...['--no-ext-diff', '--no-textconv', '--no-show-signature', '--no-color', '--', '.'],
]

function noRepository(stderr: string, name: string): PilotError {
  return stderr.includes('dubious ownership')
    ? new PilotError(`git does not read ${name}: its repository belongs to another user.`, {
        hint: 'If you trust it: git config --global --add safe.directory <the repository>',
        exitCode: 3,
      })
    : new PilotError(`${name} is a folder that is in no git working tree.`, {
        hint: 'Name files with deployments in them, or the folder of a git repository that holds the prompts.',
        exitCode: 3,
      })
}

async function linesOf(chunks: AsyncIterable<Buffer>): Promise<string[]> {
  const read: Buffer[] = []
  for await (const bytes of chunks) read.push(bytes)
  return Buffer.concat(read).toString('utf8').split('\n')
}

/** Longer than any path or name that is one. */
const longestField = 1024 ** 2

/** What git puts between NUL bytes, which no path and no name can hold. */
async function* fieldsOf(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<string, undefined> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const bytes of chunks) {
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    let start = 0
    for (let end = all.indexOf(0); end !== -1; end = all.indexOf(0, start)) {
      yield all.toString('utf8', start, end)
      start = end + 1
    }
    rest = all.subarray(start)
    if (rest.length > longestField)
      throw new PilotError(`The history of ${name} holds a name of more than 1 MiB.`, {
        hint: 'See what is wrong: git fsck',
        exitCode: 3,
      })
  }
}

/** A commit is three fields; each of its changes is one that begins with a colon per parent, and one or two paths. */
async function* readCommits(fields: AsyncGenerator<string, undefined>, prefix: string): AsyncGenerator<Commit> {
  const next = async () => (await fields.next()).value ?? ''
  const below = (path: string) => (path.startsWith(prefix) ? path.slice(prefix.length) : path)
  let commit: Commit | undefined
  for await (const field of fields) {
    const text = field.replace(/^\n/, '')
    if (text === '') continue
    if (!text.startsWith(':')) {
      if (commit) yield commit
      commit = { sha: text, seconds: await next(), author: await next(), changes: [] }
      continue
    }
    const [parents = ''] = /^:+/.exec(text) ?? []
    const words = text.slice(parents.length).split(' ')
    const status = words.at(-1) ?? ''
    const first = below(await next())
    const isMoved = parents.length === 1 && /^[RC]/.test(status)
    const path = isMoved ? below(await next()) : first
    const ids = words.slice(parents.length + 1)
    const change = changeOf({
      modes: [words[0] ?? '', words[parents.length] ?? ''],
      before: parents.length === 1 ? ids[0] : undefined,
      after: ids[parents.length],
    })
    if (change) commit?.changes.push({ path, ...(status.startsWith('R') && isMoved ? { from: first } : {}), ...change })
  }
  if (commit) yield commit
}

/** Undefined for what is no regular file: a link, another repository. */
function changeOf({
  modes: [modeBefore, mode],
  before,
  after,
}: {
  modes: [string, string]
  before: string | undefined
  after: string | undefined
}): Omit<FileChange, 'path'> | undefined {
  if (!(mode === '000000' ? modeBefore : mode).startsWith('100')) return undefined
  const known = (id: string | undefined) => (id === undefined || /^0*$/.test(id) ? undefined : id)
  const [blob, blobBefore] = [known(after), known(before)]
  const change: Omit<FileChange, 'path'> = {}
  if (blob !== undefined) change.blob = blob
  if (blobBefore !== undefined) change.blobBefore = blobBefore
  return change
}
