import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { checks } from '../src/checks/index.js'
import type { Case, Output } from '../src/core/eval/case.js'
import type { JudgeSpec } from '../src/core/eval/judge.js'
import { outcomes } from '../src/core/eval/result.js'

const folder = new URL('../fixtures/checks/', import.meta.url)

const Fixture = z.strictObject({
  examples: z
    .array(
      z.strictObject({
        it: z.string(),
        settings: z.record(z.string(), z.unknown()).default({}),
        case: z.record(z.string(), z.unknown()).default({}),
        output: z.record(z.string(), z.unknown()).default({}),
        /** What the judge answers to each thing that is asked. */
        answers: z.array(z.string()).optional(),
        /** How the command ends. */
        ended: z.strictObject({ exitCode: z.number(), stdout: z.string() }).optional(),
        /** What has to stand somewhere in what the judge or the command is given. */
        sends: z.array(z.string()).default([]),
        gives: z.strictObject({
          outcome: z.enum(outcomes),
          reason: z.string(),
          score: z.number().optional(),
        }),
      }),
    )
    .min(2),
})

const judges = new Map<string, JudgeSpec>([
  ['helpful', { id: 'helpful', model: 'm', rubric: 'It helps.', scale: 'pass-fail' }],
  ['marks', { id: 'marks', model: 'm', rubric: 'It is good.', scale: { min: 1, max: 5, passFrom: 4 } }],
])

for (const check of checks) {
  const path = new URL(`${check.name}.yaml`, folder)
  describe(check.name, () => {
    if (!existsSync(path)) throw new Error(`fixtures/checks/${check.name}.yaml is missing`)
    const { examples } = Fixture.parse(parse(readFileSync(path, 'utf8')))
    it.each(examples)('$it', async ({ settings, case: given, output, answers, ended, sends, gives }) => {
      const grade = await check.prepare(check.settings.parse(settings), { judges })
      const first = grade({
        // The fixtures are ours, and a wrong shape fails the case that holds it.
        case: { id: 'c1', tags: [], labels: {}, ...given } as Case,
        output: output as Output,
      })
      if (!('kind' in first)) {
        expect([answers, ended, sends]).toEqual([undefined, undefined, []])
        expect(first).toEqual(gives)
        return
      }
      const sent = first.kind === 'judge' ? JSON.stringify(first.asks) : first.input
      for (const part of sends) expect(sent).toContain(part)
      if (first.kind === 'judge') expect(first.asks).toHaveLength(answers?.length ?? 0)
      expect(first.kind === 'judge' ? first.read(answers!) : first.read(ended!)).toEqual(gives)
    })
  })
}

describe('the catalogue of checks', () => {
  it('names each check once', () => {
    const names = checks.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})
