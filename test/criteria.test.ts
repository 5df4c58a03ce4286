import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { reviewLines } from '../src/core/criterion.js'
import type { Evidence, RunTally } from '../src/core/evidence.js'
import type { PeopleEvidence } from '../src/core/people.js'
import type { FeeInput } from '../src/core/platform-fee.js'
import { judge } from '../src/core/verdict.js'
import { criteria } from '../src/criteria/index.js'
import { evidenceOf, feeOf, peopleOf } from './evidence.js'

const folder = new URL('../fixtures/criteria/', import.meta.url)

const Fixture = z.strictObject({
  cases: z.array(
    z.strictObject({
      name: z.string(),
      evidence: z.record(z.string(), z.unknown()).default({}),
      detectors: z.array(z.string()).default(['email', 'api-key']),
      target: z.strictObject({ comparison: z.enum(['>=', '<=', '>', '<', '==']), value: z.number() }).optional(),
      expect: z.strictObject({
        measured: z.boolean(),
        value: z.union([z.number(), z.literal(Number.POSITIVE_INFINITY)]).optional(),
        n: z.number().optional(),
        verdict: z.enum(['met', 'missed', 'inconclusive', 'not measured']),
        neededN: z.number().optional(),
        note: z.string().optional(),
        next: z.string().optional(),
      }),
    }),
  ),
})

/** A fixture's evidence over the sound one: `tally` and `people` are merged, `fee` is what the fee is made from, every other part replaced, `null` is undefined. */
function evidenceFrom({ tally, people, fee, ...parts }: Record<string, unknown>): Evidence {
  const given = Object.fromEntries(Object.entries(parts).map(([key, value]) => [key, value ?? undefined]))
  // The fixtures are ours, and a wrong shape fails the case that holds it.
  return evidenceOf({
    ...(given as Partial<Evidence>),
    tally: (tally ?? {}) as Partial<RunTally>,
    people: peopleOf(people as Partial<PeopleEvidence>),
    platformFee: feeOf(fee as Partial<FeeInput>),
  })
}

const minimumN = 500
const nowMs = Date.UTC(2026, 2, 20)

for (const criterion of criteria) {
  describe(criterion.id, () => {
    const { cases } = Fixture.parse(parse(readFileSync(new URL(`${criterion.id}.yaml`, folder), 'utf8')))
    it.each(cases)('$name', ({ evidence, detectors, target, expect: expected }) => {
      const measurement = criterion.measure(evidenceFrom(evidence), { detectors, nowMs })
      const judgement = judge(measurement, target ?? criterion.defaultTarget, minimumN)
      expect(measurement.measured).toBe(expected.measured)
      expect(judgement.verdict).toBe(expected.verdict)
      expect(judgement.neededN).toBe(expected.neededN)
      if (measurement.measured) {
        expect(measurement.value).toBeCloseTo(expected.value ?? Number.NaN, 12)
        expect(measurement.n).toBe(expected.n)
        expect(measurement.note).toBe(expected.note)
        expect(measurement.unit).toBe(criterion.unit)
        expect(measurement.evidence).not.toEqual([])
      } else {
        expect(measurement.reason).not.toBe('')
        expect(measurement.next).toBe(expected.next)
      }
    })
  })
}

describe('the catalogue', () => {
  it('has a fixture for each criterion and no other', () => {
    expect(readdirSync(folder).sort()).toEqual(criteria.map(({ id }) => `${id}.yaml`).sort())
  })

  it('has a criterion for each line of the review, in its order', () => {
    expect([...new Set(criteria.map(({ line }) => line))]).toEqual([...reviewLines])
  })

  it('has titles that fit their column', () => {
    expect(criteria.filter(({ title }) => title.length > 28)).toEqual([])
  })

  it('measures nothing at all of an empty platform', () => {
    const none = { x: 0, n: 0 }
    const tally = {
      ...{
        runs: 0,
        traces: 0,
        promptMapped: none,
        costKnown: none,
        tenantKnown: none,
        modelKnown: none,
        stepsTimed: none,
      },
      ...{ scored: none, states: { complete: 0, rootless: 0, 'several roots': 0, orphans: 0, unfinished: 0 } },
    }
    const measured = criteria.filter(
      ({ measure }) => measure(evidenceOf({ tally }), { detectors: ['email'], nowMs }).measured,
    )
    expect(measured.map(({ id }) => id)).toEqual([])
  })
})
