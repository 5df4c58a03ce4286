import { z } from 'zod'

/** A share: `5 %` or 0.05; becomes a number from 0 to 1. */
export const share = z
  .union([z.string(), z.number()])
  .transform((written) => {
    const match = /^\s*(\d{1,3}(?:\.\d{1,6})?|\.\d{1,6})\s*(%?)\s*$/.exec(String(written))
    return match === null ? Number.NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1)
  })
  .refine((value) => value >= 0 && value <= 1, 'expected a share such as 5 % or 0.05')
