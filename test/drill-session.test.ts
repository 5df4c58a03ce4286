import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { pilot, temporaryFolder } from './pilot.js'
import { json } from './project.js'

const program = fileURLToPath(new URL('../bin/pilot.js', import.meta.url))
/** `script` of util-linux runs a program on a pseudo-terminal of its own. */
const hasTerminal = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0
const inMarch = { nowMs: Date.UTC(2026, 2, 10, 12) }

/** A drill of `count` incidents on the demo, all causes confirmed as retrieval, for one engineer and one arm. */
async function prepared(count: number, timebox = '30m'): Promise<string> {
  const cwd = temporaryFolder()
  await pilot(cwd, ['demo', '.'])
  const config = join(cwd, 'pilot.yaml')
  writeFileSync(
    config,
    readFileSync(config, 'utf8').replace('drills: { engineers: 5 }', `drills: { engineers: 5, timebox: ${timebox} }`),
  )
  await pilot(cwd, ['drill', 'new', '--count', String(count)], inMarch)
  for (let index = 1; index <= count; index += 1)
    await pilot(cwd, ['drill', 'key', `i${index}`, '--cause', 'retrieval', '--by', 'lead'], inMarch)
  return cwd
}

interface Terminal {
  process: ChildProcess
  /** Everything that was on the screen, controls left out. */
  screen(): string
  /** Waits for a text that comes after what was awaited before. */
  see(text: string): Promise<void>
  type(line: string): void
  ended: Promise<number | null>
}

/** A real terminal with a drill in it. */
function openTerminal(cwd: string, env: Record<string, string> = {}): Terminal {
  const child = spawn(
    'script',
    ['-qefc', `exec ${process.execPath} ${program} drill start --engineer e1`, '/dev/null'],
    {
      cwd,
      env: { ...process.env, TERM: 'xterm', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  let screen = ''
  let seen = 0
  child.stdout.on('data', (chunk: Buffer) => {
    screen += chunk.toString().replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
  })
  return {
    process: child,
    screen: () => screen,
    async see(text) {
      for (let tries = 0; tries < 400; tries += 1) {
        const place = screen.indexOf(text, seen)
        if (place >= 0) {
          seen = place + text.length
          return
        }
        await new Promise((resolve) => setTimeout(resolve, 25))
      }
      expect.fail(`${JSON.stringify(text)} was not seen after ${JSON.stringify(screen.slice(seen))}`)
    },
    type: (line) => void child.stdin.write(`${line}\r`),
    ended: new Promise((resolve) => child.on('exit', resolve)),
  }
}

/** What the key says, as it is typed at the seven questions. */
async function rightAnswers(cwd: string, incident: string): Promise<string[]> {
  const { incidents } = await json(cwd, 'drill', 'key', incident)
  return Object.values<{ right: string[] }>(incidents[0].key).map(({ right }) => right.join(', '))
}

const asked = ['1/7', '2/7', '3/7', '4/7', '5/7', '6/7', '7/7']

describe.skipIf(!hasTerminal)('a drill in a terminal', () => {
  it('asks the seven questions against a running clock, and its report has the diagnoses', {
    timeout: 60_000,
  }, async () => {
    const cwd = await prepared(2)
    const terminal = openTerminal(cwd)
    for (const incident of ['i1', 'i2']) {
      const answers = await rightAnswers(cwd, incident)
      await terminal.see(`Incident ${incident}, `)
      await terminal.see('Enter starts the clock')
      terminal.type('')
      for (const [index, answer] of answers.entries()) {
        await terminal.see(asked[index]!)
        // The clock runs while nobody types.
        if (incident === 'i1' && index === 0) await terminal.see('[00:01]')
        terminal.type(incident === 'i2' && index === 6 ? 'prompt' : answer)
      }
      await terminal.see('Which other tools')
      terminal.type('1, chat')
    }
    await terminal.see('Incidents done: 2. Left: 0.')
    expect(await terminal.ended).toBe(0)
    const { arms, tools } = await json(cwd, 'drill', 'report')
    expect(arms[0]).toMatchObject({ judged: 2, diagnosed: 1, wrong: 1, open: 0, statedClocks: 0, engineers: 1 })
    expect(tools[0]).toMatchObject({ said: 2, needed: 2, opened: { logs: 2, chat: 2, apm: 0 } })
  })

  it('shows what a complaint would hold, and nothing of the trace', { timeout: 60_000 }, async () => {
    const cwd = await prepared(1)
    const { incidents } = await json(cwd, 'drill', 'key')
    const terminal = openTerminal(cwd)
    await terminal.see('Enter starts the clock')
    terminal.type('')
    await terminal.see('1/7')
    expect(terminal.screen()).toContain(`customer ${incidents[0].tenant}`)
    for (const hidden of [
      incidents[0].traces[0].traceId,
      incidents[0].requestId,
      ...incidents[0].key.context.right,
      'gpt-4.1',
    ])
      expect(terminal.screen()).not.toContain(hidden)
  })

  it('killed between two answers goes on where it was, with nothing lost', { timeout: 60_000 }, async () => {
    const cwd = await prepared(1)
    const answers = await rightAnswers(cwd, 'i1')
    const first = openTerminal(cwd)
    await first.see('Enter starts the clock')
    first.type('')
    for (const index of [0, 1, 2]) {
      await first.see(asked[index]!)
      first.type(answers[index]!)
    }
    await first.see('4/7')
    spawnSync('pkill', ['-9', '-P', String(first.process.pid)])
    await first.ended
    const second = openTerminal(cwd)
    await second.see('Enter goes on at 00:0')
    second.type('')
    for (const index of [3, 4, 5, 6]) {
      await second.see(asked[index]!)
      second.type(answers[index]!)
    }
    await second.see('Which other tools')
    second.type('')
    expect(await second.ended).toBe(0)
    expect(second.screen()).not.toContain('1/7')
    const { arms, questions } = await json(cwd, 'drill', 'report')
    expect(arms[0]).toMatchObject({ judged: 1, diagnosed: 1 })
    expect(questions.map(({ answered }: { answered: object }) => answered)).toEqual(asked.map(() => ({ x: 1, n: 1 })))
  })

  it('pauses, goes back, skips, and gives up', { timeout: 60_000 }, async () => {
    const cwd = await prepared(1)
    const terminal = openTerminal(cwd)
    await terminal.see('Enter starts the clock')
    terminal.type('')
    await terminal.see('1/7')
    terminal.type('/skip')
    await terminal.see('2/7')
    terminal.type('/back')
    await terminal.see('1/7')
    terminal.type('/pause')
    await terminal.see('Paused at 00:0')
    terminal.type('')
    await terminal.see('1/7')
    terminal.type('')
    await terminal.see('Type an answer')
    terminal.type('/giveup')
    await terminal.see('Which other tools')
    terminal.type('no such tool')
    await terminal.see('choose from')
    terminal.type('none')
    expect(await terminal.ended).toBe(0)
    const { arms } = await json(cwd, 'drill', 'report')
    // Whoever gives up lasts until the time-box.
    expect(arms[0]).toMatchObject({ judged: 1, diagnosed: 0, gaveUp: 1, curve: [{ time: 30, survival: 1 }] })
  })

  it('ends an incident at its time-box, and leaves by Ctrl-C with exit code 130', { timeout: 60_000 }, async () => {
    const cwd = await prepared(2, '2s')
    const terminal = openTerminal(cwd)
    await terminal.see('Time-box 00:02.')
    await terminal.see('Enter starts the clock')
    terminal.type('')
    await terminal.see('1/7')
    await terminal.see('The time-box is over.')
    await terminal.see('Which other tools')
    terminal.type('')
    await terminal.see('Incident i2')
    terminal.process.stdin?.write('\u0003')
    expect(await terminal.ended).toBe(130)
    const { arms } = await json(cwd, 'drill', 'report')
    expect(arms[0]).toMatchObject({ judged: 1, timeboxed: 1 })
  })

  it('that can draw nothing anew still asks', { timeout: 60_000 }, async () => {
    const cwd = await prepared(1)
    const terminal = openTerminal(cwd, { TERM: 'dumb' })
    await terminal.see('Enter starts the clock')
    terminal.type('')
    await terminal.see('1/7')
    terminal.type('/quit')
    expect(await terminal.ended).toBe(0)
    expect(readdirSync(join(cwd, '.pilot/drills'))).toEqual(['2026-03-10.e1.jsonl'])
  })
})

describe('a drill without a terminal', () => {
  it('says how it is done by file', async () => {
    const cwd = await prepared(1)
    expect(await pilot(cwd, ['drill', 'start', '--engineer', 'e1'])).toEqual({
      code: 2,
      out: '',
      err: 'error A drill needs a terminal.\nWithout one: pilot drill start --engineer e1 --form > answers.yaml, then --answers answers.yaml.\n',
    })
  })
})
