import { wrap } from './text.js'

/** What `pilot ingest --formats` says of each format: how to get it, and what it cannot carry. */
export function formatFormats(
  formats: readonly { name: string; title: string; status: string; obtain: string; lacks: readonly string[] }[],
  width: number,
): string {
  return formats
    .map(({ name, title, status, obtain, lacks }) => {
      const lines = [
        `get it: ${obtain}`,
        `has no place for: ${lacks.length > 0 ? lacks.join(', ') : 'nothing; it has all our fields'}`,
      ]
      return [
        ...wrap(`${name} (${status}): ${title}`, width),
        ...lines.flatMap((line) => wrap(line, width - 2).map((part) => `  ${part}`)),
      ].join('\n')
    })
    .join('\n\n')
}
