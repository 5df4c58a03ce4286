import { InvalidArgumentError } from 'commander'

/** The whole number that an option was given, from 1 on. */
export function parseCount(written: string): number {
  const count = Number(written)
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError('Expected a whole number from 1 on.')
  return count
}
