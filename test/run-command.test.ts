import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type CommandOptions, runCommand } from '../src/io/run-command.js'
import { temporaryFolder } from './pilot.js'

const node = process.execPath

/** Runs a command in a folder of its own, unless given, with 30 s to spare. */
function run(argv: readonly string[], more: Partial<CommandOptions> = {}) {
  return runCommand(argv, { input: '', timeoutMs: 30_000, cwd: more.cwd ?? temporaryFolder(), ...more })
}

/** Runs a script of Node, whose arguments follow. */
const script = (code: string, ...args: string[]) => [node, '-e', code, ...args]

let marks = 0
/** A number of seconds that no other process on this machine sleeps. */
const mark = () => `${86_000 + marks++}.${process.pid}`

/** Processes that have this in their command line and are not dead yet. */
function survivors(text: string): string[] {
  const all = execFileSync('ps', ['-eo', 'stat=,args='], { encoding: 'utf8' }).split('\n')
  return all.filter((line) => line.includes(text) && !line.startsWith('Z'))
}

const hostile = [
  '$(touch x)',
  '`touch x`',
  '; touch x',
  '| touch x',
  '&& touch x',
  '> x',
  '"; touch x; "',
  "'; touch x; '",
  'a\ntouch x\n',
  '\\',
  '',
  ' ',
  '*',
  '~',
  '$HOME',
  '%PATH%',
  '--version',
  'ü😀\u202e\u001b[31m',
]

describe('what a command is given', () => {
  it('arrives as it is, as arguments and as standard input, and nothing in it is executed', async () => {
    const cwd = temporaryFolder()
    const echo =
      'process.stdin.on("data",(d)=>process.stdout.write(d)).on("end",()=>process.stderr.write(JSON.stringify(process.argv.slice(1))))'
    for (const text of hostile) {
      const ended = await run([node, '-e', echo, '--', text, `--case=${text}`], { cwd, input: text })
      expect(ended).toEqual({
        exitCode: 0,
        stdout: text,
        stderr: JSON.stringify([text, `--case=${text}`]),
        latencyMs: expect.any(Number),
      })
    }
    expect(readdirSync(cwd)).toEqual([])
  })

  it('may be 200 KB of standard input', async () => {
    const input = hostile.join('').padEnd(200_000, 'é$(touch x)')
    const cwd = temporaryFolder()
    expect(await run(['cat'], { cwd, input })).toMatchObject({ exitCode: 0, stdout: input, stderr: '' })
    expect(readdirSync(cwd)).toEqual([])
  })

  it('may be 200 KB of arguments', async () => {
    const args = Array.from({ length: 4 }, () => '$(touch x)'.repeat(5000))
    const cwd = temporaryFolder()
    expect(await run(['printf', '%s', ...args], { cwd })).toMatchObject({ exitCode: 0, stdout: args.join('') })
    expect(readdirSync(cwd)).toEqual([])
  })

  it('as one argument is as long as the system allows, else a failure says so', async () => {
    expect(await run(['true', 'x'.repeat(20_000_000)])).toEqual({
      failure: 'cannot run true: its arguments are too long (give it the text as standard input)',
    })
  })

  it('need not be read', async () => {
    for (const argv of [
      ['true'],
      script('process.stdin.destroy(); setTimeout(() => {}, 50)'),
      ['sh', '-c', 'exec <&-; sleep 0.1'],
    ])
      expect(await run(argv, { input: 'x'.repeat(2_000_000) })).toMatchObject({ exitCode: 0, stdout: '', stderr: '' })
  })

  it('has no zero byte', async () => {
    expect(await run(['echo', 'a\0b'])).toEqual({ failure: 'cannot run echo: an argument holds a zero byte' })
  })

  it('is our environment, or another one as a whole', async () => {
    const show = script(
      'console.log(Object.keys(process.env).filter((name) => /^(HOME|PATH|ONLY)$/.test(name)).sort().join())',
    )
    expect(await run(show)).toMatchObject({ stdout: 'HOME,PATH\n' })
    expect(await run(show, { env: { ONLY: '1' } })).toMatchObject({ stdout: 'ONLY\n' })
  })
})

describe('what a command leaves behind', () => {
  it('is its exit code, whatever it is', async () => {
    for (const exitCode of [0, 1, 2, 255])
      expect(await run(['sh', '-c', `exit ${exitCode}`])).toMatchObject({ exitCode })
  })

  it('is all of its output with every escape and line end, and the last 2 KB of its errors', async () => {
    const text = '\u001b]0;title\u0007\u001b[2J\r\n\u0000é\n\n'
    const ended = await run(
      script(
        'process.stdout.write(process.argv[1] + "\\0" + process.argv[2]); process.stderr.write("é".repeat(5000) + "x")',
        ...text.split('\0'),
      ),
    )
    // 2,000 bytes are an x, 999 whole letters and half of one.
    expect(ended).toMatchObject({ exitCode: 0, stdout: text, stderr: `${'é'.repeat(999)}x` })
  })

  it('may be exactly as much as the limit allows', async () => {
    const ended = await run(['printf', '%s', 'x'.repeat(1000)], { limitBytes: 1000 })
    expect(ended).toMatchObject({ stdout: 'x'.repeat(1000) })
    expect(await run(['printf', '%s', 'x'.repeat(1001)], { limitBytes: 1000 })).toEqual({
      failure: 'printed more than 1 KB',
    })
  })

  it('is no exit code where a signal ended it', async () => {
    expect(await run(['sh', '-c', 'kill -KILL $$'])).toEqual({ failure: 'ended by SIGKILL' })
  })

  it('are no processes: what it started in its group ends with it', async () => {
    const seconds = mark()
    const ended = await run(['sh', '-c', `sleep ${seconds} & echo done`])
    expect(ended).toMatchObject({ exitCode: 0, stdout: 'done\n' })
    expect(survivors(seconds)).toEqual([])
  })

  it('is handed on though a process that left the group holds its output open', async () => {
    const seconds = mark()
    const ended = await run(['sh', '-c', `setsid sleep ${seconds} & sleep 0.2; echo $!`], {
      input: 'x'.repeat(200_000),
    })
    const left = survivors(seconds)
    expect(ended).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^\d+\n$/) })
    if ('stdout' in ended) process.kill(Number(ended.stdout))
    expect(left).toHaveLength(1)
  })
})

it('a command is as fast as it was, though what it left behind is slow to end', async () => {
  const seconds = mark()
  const ended = await run(['sh', '-c', `sh -c "trap '' TERM; echo up; sleep ${seconds}; sleep ${seconds}" & read x`], {
    input: '\n',
  })
  expect('latencyMs' in ended && ended.latencyMs).toBeLessThan(1000)
  expect(survivors(seconds)).toEqual([])
})

it('what a command printed last is read though we were busy when it ended', async () => {
  const running = run(['sh', '-c', 'setsid sleep 1 & printf begin; sleep 0.2; printf %s end'])
  await new Promise((resolve) => setTimeout(resolve, 100))
  for (const untilMs = performance.now() + 800; performance.now() < untilMs; );
  expect(await running).toMatchObject({ exitCode: 0, stdout: 'beginend' })
})

describe('a command that cannot be run', () => {
  it('is a failure that says why', async () => {
    const cwd = temporaryFolder({ plain: 'text', script: '#!/no/such/interpreter\n', noise: Buffer.from([1, 2, 3]) })
    chmodSync(join(cwd, 'noise'), 0o755)
    expect(await run([], { cwd })).toEqual({ failure: 'there is no command' })
    expect(await run([''], { cwd })).toEqual({ failure: 'there is no command' })
    expect(await run(['node5'], { cwd })).toEqual({ failure: 'cannot run node5: not found' })
    expect(await run(['./plain'], { cwd })).toEqual({ failure: 'cannot run ./plain: permission denied' })
    expect(await run(['./plain/x'], { cwd })).toEqual({
      failure: 'cannot run ./plain/x: a part of its path is a file, not a folder',
    })
    expect(await run(['true'], { cwd: join(cwd, 'none') })).toEqual({
      failure: `cannot run true: there is no folder ${join(cwd, 'none')}`,
    })
  })
})

describe('a command over a limit', () => {
  const failure = 'still running after 0.3 s'
  it.each<[string, (seconds: string) => string[]]>([
    ['hangs', (seconds) => ['sleep', seconds]],
    ['hangs and is given what it does not read', (seconds) => ['sleep', seconds]],
    ['waits for a child', (seconds) => ['sh', '-c', `sleep ${seconds}; true`]],
    [
      'waits for a grandchild in the background',
      (seconds) => ['sh', '-c', `sh -c 'sleep ${seconds} & sleep ${seconds}' & wait`],
    ],
    ['ignores SIGTERM', (seconds) => ['sh', '-c', `trap '' TERM INT HUP; sleep ${seconds}; sleep ${seconds}`]],
    [
      'forks a child that ignores SIGTERM, and ends at one itself',
      (seconds) =>
        script(
          `require('node:child_process').spawn('sh', ['-c', "trap '' TERM; sleep ${seconds}; sleep ${seconds}"]); setTimeout(() => {}, 1e6)`,
        ),
    ],
    ['is busy for ever', (seconds) => script(`process.on('SIGTERM', () => {}); for (;;); // ${seconds}`)],
  ])('that %s is killed with all that it started', async (_, argv) => {
    const seconds = mark()
    const startedMs = performance.now()
    expect(await run(argv(seconds), { timeoutMs: 300, input: 'x'.repeat(200_000) })).toEqual({ failure })
    expect(performance.now() - startedMs).toBeLessThan(300 + 2000)
    expect(survivors(seconds)).toEqual([])
  })

  it.each([
    ['1 GB', (seconds: string) => ['sh', '-c', `head -c 1000000000 /dev/zero; : ${seconds}`]],
    ['without end', (seconds: string) => ['yes', seconds]],
    ['without end to standard error', (seconds: string) => ['sh', '-c', `yes ${seconds} >&2`]],
    [
      'without end, deaf to SIGTERM and SIGPIPE',
      (seconds: string) => ['sh', '-c', `trap '' TERM PIPE; while :; do yes ${seconds}; done`],
    ],
  ])('that prints %s is killed', async (_, argv) => {
    const seconds = mark()
    expect(await run(argv(seconds))).toEqual({ failure: 'printed more than 10 MB' })
    expect(survivors(seconds)).toEqual([])
  })
})

describe('when we end', () => {
  it('an abort kills the command, and starts none', async () => {
    const seconds = mark()
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 200)
    const given = { signal: controller.signal }
    expect(await run(['sh', '-c', `sleep ${seconds}; true`], given)).toEqual({ failure: 'interrupted' })
    expect(survivors(seconds)).toEqual([])
    const cwd = temporaryFolder()
    expect(await run(['touch', 'x'], { ...given, cwd })).toEqual({ failure: 'interrupted' })
    expect(existsSync(join(cwd, 'x'))).toBe(false)
  })

  it('no listener is left on our own process', async () => {
    const count = () => ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => process.listenerCount(name))
    const before = count()
    await Promise.all([run(['true']), run(['true']), run(['sleep', '9'], { timeoutMs: 100 }), run(['node5'])])
    expect(count()).toEqual(before)
  })

  it.each([
    ['SIGINT', [null, 'SIGINT']],
    ['SIGTERM', [null, 'SIGTERM']],
    ['SIGHUP', [null, 'SIGHUP']],
    ['process.exit', [7, null]],
    ['an exception', [1, null]],
  ])('by %s, no command is left', async (cause, ended) => {
    const seconds = mark()
    const built = new URL('../dist/io/run-command.js', import.meta.url).href
    const last = { 'process.exit': 'process.exit(7)', 'an exception': 'throw new Error()' }[cause] ?? ''
    const code = `
      import { runCommand } from ${JSON.stringify(built)}
      runCommand(['sh', '-c', "trap '' TERM INT HUP; echo up >&2; sleep ${seconds}; sleep ${seconds}"], { input: '', timeoutMs: 60000, cwd: '.' })
      process.stdin.once('data', () => { ${last} })`
    const us = spawn(node, ['--input-type=module', '-e', code], { stdio: ['pipe', 'ignore', 'ignore'] })
    const exit = once(us, 'exit')
    await expect.poll(() => survivors(`sleep ${seconds}`).length, { timeout: 10_000 }).toBeGreaterThan(1)
    if (last === '')
      us.kill(cause as NodeJS.Signals) // the rest of the table are signals
    else us.stdin.write('now')
    expect(await exit).toEqual(ended)
    await expect.poll(() => survivors(seconds)).toEqual([])
  })
})
