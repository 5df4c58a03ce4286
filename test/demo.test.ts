import { describe, expect, it } from 'vitest'
import { generateDemo } from '../src/jobs/demo/generate.js'
import {
  type Planted,
  plantFaults,
  productionRequests,
  slowTenant,
  type Variant,
  variants,
} from '../src/jobs/demo/plan.js'
import { pilot, temporaryFolder } from './pilot.js'

interface EvalCheck {
  id: string
  pass: number
  fail: number
}

describe('the demo', () => {
  it.each(variants)(
    'of variant %s finds every planted fault and reaches its decision from the data',
    async (variant) => {
      const folder = temporaryFolder()
      const nowMs = Date.UTC(2026, 10, 1)
      const { code, out } = await pilot(folder, ['demo', 'made', '--variant', variant, '--json'], { nowMs })
      expect(JSON.parse(out)).toEqual({ schemaVersion: 1, directory: 'made', decision: variant, unexpected: [] })
      expect(code).toBe(0)
      const scorecard = await pilot(`${folder}/made`, ['scorecard', '--json'], { nowMs })
      expect(scorecard.code).toBe(variant === 'reject' ? 1 : 0)
    },
  )

  it('reaches its decision with other data too', async () => {
    const { out } = await pilot(temporaryFolder(), ['demo', '--seed', '20', '--json'])
    expect(JSON.parse(out)).toMatchObject({ decision: 'extend', unexpected: [] })
  })

  it('is so far, and exits 0, while the pilot still runs', async () => {
    const folder = temporaryFolder()
    await pilot(folder, ['demo', 'made', '--variant', 'reject'])
    const { code, out } = await pilot(`${folder}/made`, ['scorecard'], { nowMs: Date.UTC(2026, 2, 15, 23) })
    expect(code).toBe(0)
    expect(out).toContain('so far')
  })

  it.each(variants)('of variant %s has a suite that finds every bad answer, and nothing else', async (variant) => {
    const folder = temporaryFolder()
    await pilot(folder, ['demo', 'made', '--variant', variant])
    const { out, code } = await pilot(`${folder}/made`, ['eval', 'run', '--json'])
    expect(code).toBe(0)
    const { cases, checks } = JSON.parse(out).runs[0] as { cases: number; checks: EvalCheck[] }
    const counts = checks.map(({ id, pass, fail }): [string, number[]] => [id, [pass, fail]])
    const planted = plantFaults(variant).filter(({ hasTrace, origin }) => hasTrace && origin === 'production')
    const outputs = (has: (plan: Planted) => boolean) =>
      planted.filter(has).flatMap(({ isDuplicated }) => (isDuplicated ? [1, 2] : [1])).length
    const all = outputs(() => true)
    const failed = { misled: outputs(({ isMisled }) => isMisled), slow: outputs(({ tenant }) => tenant === slowTenant) }
    expect(failed.misled).toBeGreaterThan(10)
    expect({ cases, ...Object.fromEntries(counts) }).toEqual({
      cases: all,
      'all gates': [all - failed.misled, failed.misled],
      'not-empty': [all, 0],
      cites: [all, 0],
      'citations-resolve': [all - failed.misled, failed.misled],
      'max-latency': [all - failed.slow, failed.slow],
    })
  })

  it('makes the same files from the same seed', () => {
    expect(generateDemo('extend', 1)).toEqual(generateDemo('extend', 1))
    expect(generateDemo('extend', 1).traces).not.toEqual(generateDemo('extend', 2).traces)
  })

  it.each<[Variant, number, number]>([
    ['extend', 8, 55],
    ['adopt', 4, 12],
    ['reject', 84, 165],
  ])('of variant %s plants %i missing traces and %i faults in all, one to a request', (variant, missing, faults) => {
    const planted = plantFaults(variant).slice(0, productionRequests)
    const kinds = planted.map((plan) => [
      !plan.hasTrace,
      plan.isDuplicated,
      plan.isLate,
      !plan.hasPromptVersion,
      plan.isToolRetried,
      plan.isFallback,
      plan.isUnpriced,
      plan.leaksCard,
      plan.tenantInTrace !== plan.tenant,
    ])
    expect(planted.filter(({ hasTrace }) => !hasTrace)).toHaveLength(missing)
    expect(kinds.flat().filter(Boolean)).toHaveLength(faults)
    expect(kinds.every((each) => each.filter(Boolean).length <= 1)).toBe(true)
  })

  it('leaves a folder with other files alone', async () => {
    const folder = temporaryFolder({ 'mine.txt': 'x' })
    expect(await pilot(folder, ['demo', '.'])).toEqual({
      code: 3,
      out: '',
      err: `error ${folder} holds other files.\nName a new folder: pilot demo my-demo.\n`,
    })
  })
})
