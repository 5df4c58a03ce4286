import { hash } from 'node:crypto'

/** A hash of any JSON value, whatever the order of its keys; 16 hex digits. */
export function hashOf(value: unknown): string {
  return hash('sha256', JSON.stringify(sorted(value)) ?? '', 'hex').slice(0, 16)
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  // fromEntries defines properties, so that `__proto__` is one like any other.
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}
