import { InvalidArgumentError } from 'commander'

/** A share from 0 to 1, written as `5%` or 0.05. */
export function parseShare(written: string): number {
  const match = /^\s*(\d{1,3}(?:\.\d+)?|\.\d+)\s*(%?)\s*$/.exec(written)
  const value = match === null ? Number.NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1)
  if (value >= 0 && value <= 1) return value
  throw new InvalidArgumentError('Expected a share such as 5% or 0.05.')
}
