import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readLabels } from '../src/store/labels.js'
import { saveOutputs } from './outputs.js'
import { pilot } from './pilot.js'
import { json, jsonLines, project, span, stored } from './project.js'

const program = fileURLToPath(new URL('../bin/pilot.js', import.meta.url))
/** `script` of util-linux runs a program on a pseudo-terminal of its own. */
const hasTerminal = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0

/** Five outputs of an eval run, one of them recorded and one hostile, and what another annotator says of all. */
async function prepared(): Promise<string> {
  const cwd = project({ 'traces.jsonl': jsonLines([span('t1', 's', { input: 'Where is it?', output: 'Here.' })]) })
  await pilot(cwd, ['ingest', 'traces.jsonl'])
  const value = (id: string) => [{ value: `Answer ${id}.`, documents: [{ id: 'faq-1', content: 'Help.' }] }]
  saveOutputs(
    cwd,
    {
      c1: value('one'),
      c2: value('two'),
      c3: value('three'),
      c4: value('four'),
      c5: [{ value: 'Answer\u001b[2J five.' }],
    },
    { traces: { c1: { platform: 'lantern', traceId: 't1' } } },
  )
  const rows = ['c1', 'c2', 'c3', 'c4', 'c5'].map((id) => `nightly-7/${id},helpful,fail,zoe,secret-note`)
  writeFileSync(join(cwd, 'labels.csv'), ['item,name,value,by,note', ...rows].join('\n'))
  await pilot(cwd, ['ingest', '--as', 'labels', 'labels.csv'])
  return cwd
}

interface Terminal {
  process: ChildProcess
  /** Everything that was on the screen, controls left out. */
  screen(): string
  raw(): string
  /** Waits for a text that comes after what was awaited before. */
  see(text: string): Promise<void>
  type(line: string): void
  ended: Promise<number | null>
}

/** A real terminal with a command in it. */
function openTerminal(cwd: string, command: string, env: Record<string, string> = {}): Terminal {
  const child = spawn('script', ['-qefc', `exec ${process.execPath} ${program} label ${command}`, '/dev/null'], {
    cwd,
    env: { ...process.env, TERM: 'xterm', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let raw = ''
  let screen = ''
  let seen = 0
  child.stdout.on('data', (chunk: Buffer) => {
    raw += chunk.toString()
    screen = raw.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
  })
  return {
    process: child,
    screen: () => screen,
    raw: () => raw,
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

const start = 'start --by a1 --name helpful --run nightly-7 --show inputs,output,documents'
const asked = 'helpful? (1 pass, 2 fail; s b u q)'
const journal = (cwd: string, who = 'a1') =>
  readFileSync(join(cwd, `.pilot/labels/helpful.${who}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
const labelsOf = (cwd: string, who: string) => stored(cwd, readLabels).filter(({ by }) => by === who)

describe.skipIf(!hasTerminal)('labelling in a terminal', () => {
  it('killed between two outputs goes on where it was, with nothing lost', { timeout: 60_000 }, async () => {
    const cwd = await prepared()
    const first = openTerminal(cwd, start)
    for (const [index, typed] of ['1', 'f: names the wrong article', 'pass'].entries()) {
      await first.see(`Output ${index + 1} of 5`)
      await first.see(asked)
      first.type(typed)
    }
    await first.see('Output 4 of 5')
    // On the disk before the next is shown.
    expect(journal(cwd).map(({ value, note }) => [value, note])).toEqual([
      ['pass', undefined],
      ['fail', 'names the wrong article'],
      ['pass', undefined],
    ])
    spawnSync('pkill', ['-9', '-P', String(first.process.pid)])
    await first.ended
    expect(labelsOf(cwd, 'a1')).toEqual([])
    // A kill may cut off a line, too.
    writeFileSync(join(cwd, '.pilot/labels/helpful.a1.jsonl'), '{"item":"nightly', { flag: 'a' })

    const second = openTerminal(cwd, start)
    await second.see('Output 4 of 5')
    expect(second.screen()).not.toContain('Output 3 of 5')
    await second.see(asked)
    // What was left in the journal is in the store already.
    expect(
      labelsOf(cwd, 'a1')
        .map(({ value }) => value)
        .sort(),
    ).toEqual(['fail', 'pass', 'pass'])
    second.type('2')
    await second.see('Output 5 of 5')
    await second.see(asked)
    second.type('q')
    await second.see('Labelled: 1. Not sure: 0. Left: 1.')
    expect(await second.ended).toBe(0)
    expect(labelsOf(cwd, 'a1')).toHaveLength(4)
    const { questions } = await json(cwd, 'label', 'report')
    expect(questions[0]).toMatchObject({ items: 5, shared: 4 })
  })

  it('shows nothing of what made an output or of what others say, and drives no terminal', {
    timeout: 60_000,
  }, async () => {
    const cwd = await prepared()
    const terminal = openTerminal(cwd, start)
    for (let place = 1; place <= 5; place += 1) {
      await terminal.see(`Output ${place} of 5`)
      await terminal.see(asked)
      terminal.type('1')
    }
    expect(await terminal.ended).toBe(0)
    const screen = terminal.screen()
    for (const shown of ['Answer one.', 'Answer four.', 'Where is it?', 'faq-1: Help.', 'Answer\\u{1b}[2J five.'])
      expect(screen).toContain(shown)
    for (const hidden of ['nightly-7', 'c1', 'secret', 'zoe', 't1', 'lantern']) expect(screen).not.toContain(hidden)
    expect(terminal.raw()).not.toContain('\u001b[2J')
  })

  it('goes back, keeps, skips, and takes back what somebody cannot tell after all', { timeout: 60_000 }, async () => {
    const cwd = await prepared()
    const terminal = openTerminal(cwd, start, { TERM: 'dumb' })
    const at = async (place: number, typed: string) => {
      await terminal.see(`Output ${place} of 5`)
      await terminal.see(asked)
      terminal.type(typed)
    }
    await at(1, 'b')
    await terminal.see('This is the first.')
    terminal.type('')
    await terminal.see('Type a choice or a key.')
    terminal.type('x')
    await terminal.see('x is none of the choices.')
    terminal.type('1')
    await at(2, '1')
    await at(3, 'b')
    await terminal.see('Output 2 of 5')
    await terminal.see('You said: pass. Enter keeps it.')
    await terminal.see(asked)
    terminal.type('')
    await at(3, 'b')
    await at(2, 'b')
    await at(1, 'u: it depends')
    await at(3, 's')
    await at(4, '2')
    await at(5, 'q')
    await terminal.see('Labelled: 2. Not sure: 1. Left: 2.')
    expect(await terminal.ended).toBe(0)
    expect(labelsOf(cwd, 'a1').map(({ value }) => value)).toEqual(['pass', 'fail'])
    expect(journal(cwd).find(({ value }) => value === '')).toMatchObject({ note: 'it depends' })

    // Another time what was skipped comes again, and what could not be told does not.
    const again = openTerminal(cwd, `${start} --json`)
    await again.see('Output 3 of 5')
    again.process.stdin?.write('\u0003')
    expect(await again.ended).toBe(130)
    expect(again.screen()).not.toContain('Output 1 of 5')
    expect(again.screen()).toContain('"left": 2')
  })
})

describe.skipIf(!hasTerminal)('adjudicating in a terminal', () => {
  it('asks for what annotators differ on, without names, and settles it', { timeout: 60_000 }, async () => {
    const cwd = await prepared()
    const rows = ['c1,pass', 'c2,fail', 'c3,pass'].map((row) => `nightly-7/${row},helpful,a1,kind`)
    writeFileSync(join(cwd, 'more.csv'), ['item,value,name,by,note', ...rows].join('\n'))
    await pilot(cwd, ['ingest', '--as', 'labels', 'more.csv'])
    expect((await pilot(cwd, ['label', 'report'])).err).toBe('Next: pilot label adjudicate --name helpful\n')
    const terminal = openTerminal(cwd, 'adjudicate --name helpful --by lead')
    for (const place of [1, 2]) {
      await terminal.see(`Output ${place} of 2`)
      await terminal.see('Answer ')
      await terminal.see('fail 1, pass 1')
      await terminal.see('helpful? (1 fail, 2 pass; s b u q)')
      terminal.type('pass: close')
    }
    await terminal.see('Labelled: 2. Not sure: 0. Left: 0.')
    expect(await terminal.ended).toBe(0)
    for (const hidden of ['zoe', 'a1', 'kind', 'secret']) expect(terminal.screen()).not.toContain(hidden)
    expect(labelsOf(cwd, 'adjudicated').map(({ value, note }) => [value, note])).toEqual([
      ['pass', 'by lead: close'],
      ['pass', 'by lead: close'],
    ])
    const { questions } = await json(cwd, 'label', 'report')
    expect(questions[0]).toMatchObject({
      annotators: ['annotator 1', 'annotator 2'],
      decided: { n: 5, adjudicated: 2 },
    })

    const again = openTerminal(cwd, 'adjudicate --name helpful')
    await again.see('Labelled: 0. Not sure: 0. Left: 0.')
    expect(await again.ended).toBe(0)
  })
})
