import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Deployment } from '../src/core/deployment.js'
import { deploymentsOfCommit } from '../src/formats/git-deployments.js'
import { readGitLog } from '../src/io/git-log.js'
import { readDeployments } from '../src/store/deployments.js'
import { pilot, temporaryFolder } from './pilot.js'
import { json, project, stored } from './project.js'

const at = Date.UTC(2026, 2, 2, 10)
const none = { added: 0, updated: 0, unchanged: 0 }

/** A pilot in a git repository whose commits are a minute apart, and its folder of prompts. */
function repository(author = 'Jane') {
  const cwd = project({})
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {
        ...{
          PATH: process.env.PATH,
          HOME: cwd,
          GIT_AUTHOR_NAME: author,
          GIT_AUTHOR_EMAIL: 'j@x',
          GIT_COMMITTER_NAME: 'C',
        },
        ...{
          GIT_COMMITTER_EMAIL: 'c@x',
          GIT_AUTHOR_DATE: '2001-01-01T00:00:00Z',
          GIT_COMMITTER_DATE: `${timeOf()} +0000`,
        },
      },
    }).trim()
  let minutes = 0
  const timeOf = () => at / 1000 + minutes * 60
  git('init', '-q', '-b', 'main')
  mkdirSync(join(cwd, 'prompts'))
  return {
    cwd,
    git,
    write: (name: string, text: string) => writeFileSync(join(cwd, 'prompts', name), text),
    /** Commits everything; its short id. */
    commit: (...more: string[]) => {
      git('add', '-A', 'prompts')
      git('commit', '-q', '-m', 'x', ...more)
      minutes += 1
      return git('rev-parse', 'HEAD').slice(0, 7)
    },
    blob: (name: string, of = 'HEAD') => git('rev-parse', `${of}:prompts/${name}`),
  }
}

const ingest = (cwd: string, folder = 'prompts') => json(cwd, 'ingest', '--as', 'deployments', folder)
const deploymentsIn = (cwd: string) => stored(cwd, readDeployments)
const brief = (found: readonly Deployment[]) => found.map(({ name, version, action }) => [name, version, action])

describe('the history of a folder of prompts', () => {
  it('is one deployment per commit and file: stem, commit, its time, content and author', async () => {
    const { cwd, write, commit, blob } = repository()
    write('support.answer.md', 'one')
    write('draft.txt', 'hello')
    const first = commit()
    const blobs = [blob('draft.txt'), blob('support.answer.md')]
    write('draft.txt', 'hello again')
    const second = commit()
    const { files, totals } = await ingest(cwd)
    expect([files[0].format, files[0].state, files[0].records, totals.deployments]).toEqual([
      'git',
      'complete',
      2,
      { ...none, added: 3 },
    ])
    const common = { kind: 'prompt', action: 'deploy', by: 'Jane' }
    expect(deploymentsIn(cwd)).toEqual([
      { ...common, name: 'draft', version: first, timeMs: at, contentHash: blobs[0] },
      { ...common, name: 'support.answer', version: first, timeMs: at, contentHash: blobs[1] },
      { ...common, name: 'draft', version: second, timeMs: at + 60_000, contentHash: blob('draft.txt') },
    ])
    expect((await json(cwd, 'data')).sources).toMatchObject([{ kind: 'deployments', format: 'git', deployments: 3 }])
  })

  it('twice changes nothing, and a new commit adds its own', async () => {
    const { cwd, write, commit } = repository()
    write('draft.txt', 'one')
    commit()
    await ingest(cwd)
    const before = deploymentsIn(cwd)
    expect((await ingest(cwd)).totals.deployments).toEqual({ ...none, unchanged: 1 })
    expect(deploymentsIn(cwd)).toEqual(before)
    write('draft.txt', 'two')
    commit()
    expect((await ingest(cwd, join(cwd, 'prompts'))).totals.deployments).toEqual({ ...none, added: 1, unchanged: 1 })
  })

  it('holds a removal, as what ends the prompt', async () => {
    const { cwd, write, commit } = repository()
    write('draft.txt', 'one')
    const [first] = [commit()]
    rmSync(join(cwd, 'prompts/draft.txt'))
    const second = commit()
    await ingest(cwd)
    expect(brief(deploymentsIn(cwd))).toEqual([
      ['draft', first, 'deploy'],
      ['draft', second, 'remove'],
    ])
    expect(deploymentsIn(cwd)[1]?.contentHash).toBeUndefined()
  })

  it('follows a rename: the old name ends, the new one goes live', async () => {
    const { cwd, write, commit } = repository()
    const lines = Array.from({ length: 20 }, (_, line) => `line ${line}\n`).join('')
    write('draft.txt', lines)
    const first = commit()
    renameSync(join(cwd, 'prompts/draft.txt'), join(cwd, 'prompts/answer.txt'))
    write('answer.txt', `${lines}one more\n`)
    const second = commit()
    await ingest(cwd)
    expect(brief(deploymentsIn(cwd))).toEqual([
      ['draft', first, 'deploy'],
      ['answer', second, 'deploy'],
      ['draft', second, 'remove'],
    ])
  })

  it('does not deploy what only moved or changed its mode', async () => {
    const { cwd, write, commit } = repository()
    write('draft.txt', 'hello')
    const first = commit()
    mkdirSync(join(cwd, 'prompts/chat'))
    renameSync(join(cwd, 'prompts/draft.txt'), join(cwd, 'prompts/chat/draft.md'))
    commit()
    chmodSync(join(cwd, 'prompts/chat/draft.md'), 0o755)
    commit()
    await ingest(cwd)
    expect(brief(deploymentsIn(cwd))).toEqual([['draft', first, 'deploy']])
  })

  it('counts what came by a branch once, and a merge only for what it made itself', async () => {
    const { cwd, git, write, commit } = repository()
    write('draft.txt', 'base')
    write('other.txt', 'base')
    const base = commit()
    git('checkout', '-q', '-b', 'side')
    write('draft.txt', 'side')
    write('other.txt', 'side')
    const side = commit()
    git('checkout', '-q', 'main')
    write('draft.txt', 'main')
    const main = commit()
    expect(() => git('merge', '-q', 'side')).toThrow()
    write('draft.txt', 'resolved')
    const merge = commit()
    await ingest(cwd)
    expect(brief(deploymentsIn(cwd)).sort()).toEqual(
      [
        ['draft', base, 'deploy'],
        ['other', base, 'deploy'],
        ['draft', side, 'deploy'],
        ['other', side, 'deploy'],
        ['draft', main, 'deploy'],
        ['draft', merge, 'deploy'],
      ].sort(),
    )
  })

  it('keeps what was live until a merge overruled it', async () => {
    const { cwd, git, write, commit } = repository()
    write('draft.txt', 'base')
    commit()
    git('checkout', '-q', '-b', 'side')
    write('draft.txt', 'side')
    commit()
    git('checkout', '-q', 'main')
    write('draft.txt', 'main')
    const main = commit()
    git('merge', '-q', '-X', 'theirs', 'side')
    await ingest(cwd)
    expect(deploymentsIn(cwd).map(({ version }) => version)).toContain(main)
    expect(deploymentsIn(cwd)).toHaveLength(3)
  })

  it('leaves out hidden files, links and what lies outside the folder', async () => {
    const { cwd, git, write, commit } = repository()
    write('.gitkeep', 'x')
    write('draft.txt', 'one')
    symlinkSync('draft.txt', join(cwd, 'prompts/link.txt'))
    writeFileSync(join(cwd, 'app.py'), 'print()')
    git('add', 'app.py')
    const first = commit()
    rmSync(join(cwd, 'prompts/link.txt'))
    commit()
    await ingest(cwd)
    expect(brief(deploymentsIn(cwd))).toEqual([['draft', first, 'deploy']])
  })

  it('stores hostile names of files and authors as they are, and prints nothing of them that drives a terminal', async () => {
    const { cwd, write, commit } = repository('J\u001b[2J$(touch pwned) : --exec=x')
    for (const name of [
      '-n',
      '--output=pwned',
      ':100644 000000',
      'a\nb.md',
      '\u001b[31m.md',
      '日本.md',
      '$(touch pwned).md',
    ])
      write(name, name)
    commit()
    const { totals } = await ingest(cwd)
    expect(totals.deployments).toEqual({ ...none, added: 7 })
    expect(
      deploymentsIn(cwd)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['-n', '--output=pwned', ':100644 000000', 'a\nb', '\u001b[31m', '日本', '$(touch pwned)'].sort())
    expect(deploymentsIn(cwd)[0]?.by).toBe('J\u001b[2J$(touch pwned) : --exec=x')
    expect((await pilot(cwd, ['data'])).out).not.toContain('\u001b')
  })

  it('is read of a folder whose own name looks like an option', async () => {
    const { cwd, git, write, commit } = repository()
    write('draft.txt', 'one')
    mkdirSync(join(cwd, 'prompts/-n'))
    write('-n/inner.md', 'two')
    commit()
    expect(git('status', '--porcelain', 'prompts')).toBe('')
    expect((await ingest(cwd, './prompts/-n')).totals.deployments).toEqual({ ...none, added: 1 })
    expect(deploymentsIn(cwd).map(({ name }) => name)).toEqual(['inner'])
  })

  it('runs no program that the repository names, and is not led to another one by the environment', async () => {
    const { cwd, git, write, commit } = repository()
    write('draft.txt', 'one')
    commit()
    write('draft.txt', 'two')
    commit()
    // A signed commit, which git would have checked by the program that the repository names.
    const signed = git('cat-file', 'commit', 'HEAD').replace('\n\n', '\ngpgsig -----BEGIN PGP SIGNATURE-----\n x\n\n')
    writeFileSync(join(cwd, 'signed'), `${signed}\n`)
    git('reset', '-q', '--hard', git('hash-object', '-t', 'commit', '-w', 'signed'))
    const trap = join(cwd, 'trap')
    writeFileSync(trap, `#!/bin/sh\ntouch ${join(cwd, 'pwned')}\n`)
    chmodSync(trap, 0o755)
    const programs = [
      'core.pager',
      'core.fsmonitor',
      'diff.external',
      'diff.x.textconv',
      'diff.x.command',
      'gpg.program',
    ]
    for (const key of programs) git('config', key, trap)
    const isSprung = () => existsSync(join(cwd, 'pwned'))
    git('config', 'log.showSignature', 'true')
    git('config', 'diff.relative', 'true')
    git('config', 'color.ui', 'always')
    git('config', 'log.follow', 'true')
    writeFileSync(join(cwd, '.git/info/attributes'), '*.txt diff=x\n')
    const other = temporaryFolder()
    process.env.GIT_DIR = other
    onTestFinished(() => {
      delete process.env.GIT_DIR
    })
    expect((await ingest(cwd)).totals.deployments).toEqual({ ...none, added: 2 })
    expect(isSprung()).toBe(false)
    delete process.env.GIT_DIR
    git('log')
    expect(isSprung()).toBe(true)
  })

  it('is not read by a program named git that lies in the folder', async () => {
    const { cwd, write, commit } = repository()
    write('draft.txt', 'one')
    write('git', `#!/bin/sh\ntouch ${join(cwd, 'pwned')}\n`)
    commit()
    chmodSync(join(cwd, 'prompts/git'), 0o755)
    const { PATH } = process.env
    onTestFinished(() => {
      process.env.PATH = PATH
    })
    process.env.PATH = `.::${PATH}`
    expect((await ingest(cwd)).totals.deployments.added).toBe(2)
    expect(existsSync(join(cwd, 'pwned'))).toBe(false)
  })

  it('passes the privacy policy: the author is a user', async () => {
    const { cwd, write, commit } = repository()
    writeFileSync(join(cwd, 'more'), '')
    write('draft.txt', 'one')
    commit()
    const config = 'capture:\n  privacy:\n    - { field: user, do: omit }\n'
    writeFileSync(join(cwd, 'pilot.yaml'), config, { flag: 'a' })
    await ingest(cwd)
    expect(deploymentsIn(cwd).map(({ by }) => by)).toEqual([undefined])
  })
})

describe('a folder without a history', () => {
  const run = (cwd: string, folder = 'prompts') => pilot(cwd, ['ingest', '-q', '--as', 'deployments', folder])

  it('of a repository without a commit is refused', async () => {
    const { cwd } = repository()
    expect(await run(cwd)).toEqual({
      code: 3,
      out: '',
      err: 'error The git repository of prompts has no commit.\nCommit the prompts first.\n',
    })
    expect((await json(cwd, 'data')).sources).toEqual([])
  })

  it('in which no commit changed a prompt is refused', async () => {
    const { cwd, git } = repository()
    git('add', 'pilot.yaml')
    git('commit', '-q', '-m', 'x')
    expect(await run(cwd)).toEqual({
      code: 3,
      out: '',
      err: 'error No commit on this branch changes a prompt in prompts.\nName the folder that holds the prompts, one file each.\n',
    })
  })

  it('outside every repository, or inside .git itself, is refused', async () => {
    const cwd = project({})
    mkdirSync(join(cwd, 'prompts'))
    const hint = 'Name files with deployments in them, or the folder of a git repository that holds the prompts.\n'
    expect(await run(cwd)).toEqual({
      code: 3,
      out: '',
      err: `error prompts is a folder that is in no git working tree.\n${hint}`,
    })
    const inside = repository().cwd
    expect((await run(inside, '.git')).err).toContain('.git is a folder that is in no git working tree.')
  })

  it('that would have to be fetched from elsewhere is refused, and not fetched', async () => {
    const { cwd, git, write, commit } = repository()
    const lines = Array.from({ length: 20 }, (_, line) => `line ${line}\n`).join('')
    write('draft.txt', lines)
    commit()
    renameSync(join(cwd, 'prompts/draft.txt'), join(cwd, 'prompts/answer.txt'))
    write('answer.txt', `${lines}one more\n`)
    commit()
    git('config', 'uploadpack.allowFilter', 'true')
    git('clone', '-q', '--no-checkout', '--filter=blob:none', `file://${cwd}`, 'partial')
    const objects = () => execFileSync('git', ['count-objects', '-v'], { cwd: join(cwd, 'partial'), encoding: 'utf8' })
    mkdirSync(join(cwd, 'partial/prompts'))
    const before = objects()
    expect(await run(cwd, 'partial/prompts')).toEqual({
      code: 3,
      out: '',
      err: `error git cannot read the history of partial/prompts.
See what is wrong: git fsck. A partial clone lacks what it would have to fetch: clone it whole.
`,
    })
    expect(objects()).toBe(before)
  })

  it('is refused where git is not installed', async () => {
    const { cwd } = repository()
    const { PATH } = process.env
    process.env.PATH = temporaryFolder()
    onTestFinished(() => {
      process.env.PATH = PATH
    })
    expect(await run(cwd)).toEqual({
      code: 3,
      out: '',
      err: 'error git is not installed.\nInstall it, or write the deployments into a file: pilot ingest --as deployments deployments.csv\n',
    })
  })

  it('is refused where git cannot be run', async () => {
    const { cwd } = repository()
    writeFileSync(join(cwd, 'git'), 'x', { mode: 0o644 })
    const { PATH } = process.env
    process.env.PATH = cwd
    onTestFinished(() => {
      process.env.PATH = PATH
    })
    expect(await run(cwd)).toEqual({
      code: 3,
      out: '',
      err: `error Cannot run git: EACCES.
See what git says in prompts, or write the deployments into a file: pilot ingest --as deployments deployments.csv
`,
    })
  })

  it.skipIf(process.getuid?.() !== 0)('of another user is refused until that repository is trusted', async () => {
    const { cwd, git, write, commit } = repository()
    write('draft.txt', 'one')
    commit()
    for (const path of ['.', '.git', 'prompts']) chownSync(join(cwd, path), 65534, 65534)
    const { HOME } = process.env
    process.env.HOME = temporaryFolder()
    onTestFinished(() => {
      process.env.HOME = HOME
    })
    expect(await run(cwd)).toEqual({
      code: 3,
      out: '',
      err: `error git does not read prompts: its repository belongs to another user.
If you trust it: git config --global --add safe.directory <the repository>
`,
    })
    git('config', '--file', join(process.env.HOME, '.gitconfig'), 'safe.directory', cwd)
    expect((await run(cwd)).code).toBe(0)
  })

  it('is refused as what other kinds are', async () => {
    const { cwd } = repository()
    const { code, err } = await pilot(cwd, ['ingest', '-q', '--as', 'requests', 'prompts'])
    expect([code, err]).toEqual([3, 'error prompts is a folder.\nName its files: pilot ingest prompts/*.jsonl\n'])
  })

  it('is given up when git takes too long', async () => {
    const bin = temporaryFolder({ git: '#!/bin/sh\nexec /bin/sleep 30\n' })
    chmodSync(join(bin, 'git'), 0o755)
    const { PATH } = process.env
    process.env.PATH = bin
    onTestFinished(() => {
      process.env.PATH = PATH
    })
    const commits = readGitLog({ cwd: bin, name: 'prompts', limitMs: 100 })
    await expect(commits.next()).rejects.toThrow('git took too long to read the history of prompts.')
  })
})

describe('a commit', () => {
  const commit = { sha: '4c1d9e2aaaa', seconds: '1772445600', author: 'jane', changes: [] }

  it.each(['', '0', '-5', '1e9', '99999999999999999999'])('of the time %j is a problem', (seconds) => {
    expect(deploymentsOfCommit({ ...commit, seconds })).toBe('the commit has no time that is a date')
  })

  it('without an author has nobody who deployed it', () => {
    const changes = [{ path: 'a.md', blob: 'b1' }]
    expect(deploymentsOfCommit({ ...commit, author: '', changes })).toEqual([
      {
        ...{ kind: 'prompt', name: 'a', version: '4c1d9e2', timeMs: at, action: 'deploy' },
        ...{ by: undefined, contentHash: 'b1' },
      },
    ])
  })

  it('that takes a file out of hiding deploys it, and one that hides it removes it', () => {
    const shown = [{ path: 'a.md', from: '.a.md', blob: 'b1', blobBefore: 'b1' }]
    const hidden = [{ path: '.drafts/a.md', from: 'a.md', blob: 'b1', blobBefore: 'b1' }]
    expect(deploymentsOfCommit({ ...commit, changes: shown })).toMatchObject([{ name: 'a', action: 'deploy' }])
    expect(deploymentsOfCommit({ ...commit, changes: hidden })).toMatchObject([{ name: 'a', action: 'remove' }])
  })
})
