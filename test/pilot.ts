import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { onTestFinished } from 'vitest'
import type { Io } from '../src/cli/io.js'
import { main } from '../src/cli/main.js'

/** What a command left behind. */
export interface Ran {
  code: number
  out: string
  err: string
}

interface World {
  /** Nothing, and no terminal, unless given. */
  stdin?: string | Io['stdin']
  /** Beside USER. */
  env?: Readonly<Record<string, string>>
  /** 2026-03-03, the second day of the pilots in these tests, unless given. */
  nowMs?: number
}

/** Runs one command line in a folder, with an environment and streams of its own. */
export async function pilot(
  cwd: string,
  argv: readonly string[],
  { stdin = '', env = {}, nowMs = Date.UTC(2026, 2, 3, 12) }: World = {},
): Promise<Ran> {
  const [out, err]: [string[], string[]] = [[], []]
  const code = await main(argv, {
    stdin: typeof stdin === 'string' ? Readable.from(stdin === '' ? [] : [Buffer.from(stdin)]) : stdin,
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    env: { USER: 'jane', ...env },
    cwd,
    nowMs: () => nowMs,
  })
  return { code, out: out.join(''), err: err.join('') }
}

/** An empty folder, or one with these files, that is gone when the test ends. */
export function temporaryFolder(files: Readonly<Record<string, string | Buffer>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'pilot-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}
