import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffLines, hunksOf } from '../src/core/line-diff.js'
import { evenSample } from '../src/core/prompts/even-sample.js'

const written = (a: string, b: string) => diffLines([...a], [...b])?.map(({ sign, text }) => `${sign}${text}`)

describe('a diff of lines', () => {
  it.each([
    ['', '', []],
    ['abc', 'abc', [' a', ' b', ' c']],
    ['', 'ab', ['+a', '+b']],
    ['ab', '', ['-a', '-b']],
    ['abc', 'axc', [' a', '-b', '+x', ' c']],
    // The example of Myers 1986: five lines change, none fewer would do.
    ['abcabba', 'cbabac', ['-a', '-b', ' c', '-a', ' b', '+a', ' b', ' a', '+c']],
  ])('of %j and %j takes out and puts in as few as can be', (a, b, lines) => {
    const found = written(a, b)!
    const changed = (all: readonly string[]) => all.filter((line) => !line.startsWith(' ')).length
    expect(changed(found)).toBe(changed(lines))
    if (a.length < 4) expect(found).toEqual(lines)
  })

  it('holds both texts, whatever they are', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 })
    fc.assert(
      fc.property(text, text, (a, b) => {
        const lines = diffLines(a, b)!
        const side = (other: string) => lines.filter(({ sign }) => sign !== other).map((line) => line.text)
        expect([side('+'), side('-')]).toEqual([a, b])
      }),
    )
  })

  it('is made of at most 2,000 lines that differ', () => {
    const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, at) => `${prefix}${at}`)
    expect(diffLines(numbered('a', 2000), numbered('b', 2000))).toHaveLength(4000)
    expect(diffLines(numbered('a', 2001), ['b'])).toBeUndefined()
    // What is the same at either end does not count.
    const long = numbered('s', 5000)
    expect(diffLines([...long, 'x'], [...long, 'y'])).toHaveLength(5002)
  })

  it('shows three lines around each change, and joins changes that are near', () => {
    const lines = diffLines([...'abcdefghijklmnop'], [...'abcdEfghijklmnoP'])!
    expect(hunksOf(lines).map(({ a, b }) => [a, b])).toEqual([
      [
        { start: 2, lines: 7 },
        { start: 2, lines: 7 },
      ],
      [
        { start: 13, lines: 4 },
        { start: 13, lines: 4 },
      ],
    ])
    // As `diff -u` has it: changes with six lines between them share their context, those with seven do not.
    expect(hunksOf(diffLines([...'abcdefghijklm'], [...'abcdEfghijkLm'])!)).toHaveLength(1)
    expect(hunksOf(diffLines([...'abcdefghijklmn'], [...'abcdEfghijklMn'])!)).toHaveLength(2)
  })

  it('counts a side without lines from the line before, as diff -u does', () => {
    expect(hunksOf(diffLines([], ['a'])!)).toMatchObject([{ a: { start: 0, lines: 0 }, b: { start: 1, lines: 1 } }])
    expect(hunksOf(diffLines(['a'], ['a'])!)).toEqual([])
  })
})

describe('an even sample', () => {
  it('takes all while they are few, else every second, every fourth …', () => {
    const sampled = (count: number) => {
      const sample = evenSample<number>(4)
      for (let item = 0; item < count; item++) sample.add(item)
      return sample.items()
    }
    expect([sampled(0), sampled(4), sampled(5), sampled(9)]).toEqual([[], [0, 1, 2, 3], [0, 2, 4], [0, 4, 8]])
  })
})
