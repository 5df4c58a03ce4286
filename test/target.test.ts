import { describe, expect, it } from 'vitest'
import type { Unit } from '../src/core/measurement.js'
import { formatTarget, parseTarget } from '../src/core/target.js'

const targets: [text: string, unit: Unit, comparison: string, value: number, written?: string][] = [
  ['>= 95%', 'share', '>=', 0.95, '>= 95 %'],
  ['<= 5 %', 'share', '<=', 0.05],
  ['>= 99.9 %', 'share', '>=', 0.999],
  ['100%', 'share', '==', 1, '100 %'],
  ['0', 'share', '==', 0, '0 %'],
  ['0', 'count', '==', 0],
  ['<= 0', 'count', '<=', 0],
  ['>=500', 'count', '>=', 500, '>= 500'],
  ['< 10 min', 'minutes', '<', 10],
  ['< 90 s', 'minutes', '<', 1.5, '< 1.5 min'],
  ['<= 0.2 s', 'ms', '<=', 200, '<= 200 ms'],
  ['<= 2 d', 'hours', '<=', 48, '<= 48 h'],
  ['<= $500', 'usd', '<=', 500],
  ['<= 12.50 USD', 'usd', '<=', 12.5, '<= $12.5'],
]

describe('a target', () => {
  it.each(targets)(
    '%s of %s is read, and written so that it reads the same',
    (text, unit, comparison, value, written = text) => {
      const target = { comparison, value }
      expect(parseTarget(text, unit)).toEqual(target)
      expect(formatTarget(target as never, unit)).toBe(written)
      expect(parseTarget(written, unit)).toEqual(target)
    },
  )

  it.each<[string, Unit, string]>([
    ['', 'share', 'expected a target such as ">= 95 %"'],
    ['about 95 %', 'share', 'expected a target such as ">= 95 %"'],
    ['>= -1', 'count', 'expected a target such as ">= 500"'],
    ['>= 0.95', 'share', 'is measured in per cent; expected a target such as ">= 95 %"'],
    ['>= 101 %', 'share', 'is a share: its target lies between 0 % and 100 %'],
    ['95 %', 'share', 'needs a comparison: ">= 95 %" (only 0 and 100 % go without)'],
    ['< 10', 'minutes', 'is measured in minutes; expected a target such as "< 10 min"'],
    ['< 10 min', 'share', 'is measured in per cent; expected a target such as ">= 95 %"'],
    ['>= 95 %', 'count', 'is measured in plain numbers; expected a target such as ">= 500"'],
    ['<= $5', 'ms', 'is measured in milliseconds; expected a target such as "<= 50 ms"'],
    ['< 1 constructor', 'ms', 'is measured in milliseconds; expected a target such as "<= 50 ms"'],
  ])('%j of %s is refused with the way to write it', (text, unit, problem) => {
    expect(parseTarget(text, unit)).toBe(problem)
  })
})
