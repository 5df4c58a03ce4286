import type { CheckLine } from '../core/mistakes.js'
import type { TerminalOptions } from './section-terminal.js'
import { visible, wrap } from './text.js'

const worstFirst = ['error', 'warning', 'ok'] as const

/** Every line of `pilot check`, the worst first, each with what to do; the last line counts them. */
export function formatCheck(lines: readonly CheckLine[], { width, color }: TerminalOptions): string {
  const paints = { error: color.red, warning: color.yellow, ok: color.green }
  const sorted = worstFirst.map((severity) => lines.filter((line) => line.severity === severity))
  const indent = 'warning  '.length
  const texts = sorted.flat().map(({ severity, message, next }) => {
    const parts = [...wrap(message, width - indent), ...(next === undefined ? [] : [`do: ${visible(next)}`])]
    return paints[severity](severity.padEnd(indent)) + parts.join(`\n${' '.repeat(indent)}`)
  })
  const [errors = 0, warnings = 0, ok = 0] = sorted.map(({ length }) => length)
  return [...texts, '', `errors: ${errors}, warnings: ${warnings}, ok: ${ok}`].join('\n')
}
