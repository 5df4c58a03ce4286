/** What in `V` may hold words of others; never where it is made of numbers and fixed words alone. */
type Words<V> = V extends string
  ? string extends V
    ? V
    : never
  : V extends number | boolean | null | undefined
    ? never
    : V extends readonly (infer Item)[]
      ? Words<Item>
      : V extends (...given: never) => unknown
        ? V
        : V extends object
          ? string extends keyof V
            ? V
            : { [K in keyof V]-?: Words<V[K]> }[keyof V]
          : V

/**
 * What is seen of one field: `shown` as it is, which the compiler allows for numbers and fixed words alone; `hidden`, where the
 * field may be absent; or what a function makes of it.
 */
type See<V> =
  | ([Words<V>] extends [never] ? 'shown' : never)
  | (undefined extends V ? 'hidden' : never)
  | ((value: NonNullable<V>) => V)

/** What is seen of each field of `T`; one that is added to the type later has to be named here before anything compiles. */
export type Sight<T> = { readonly [K in keyof T]-?: See<T[K]> }

/** The object with what is seen of it: of fields that the type does not name, nothing. */
export function only<T extends object>(sight: Sight<T>): (value: T) => T {
  const fields = Object.entries(sight) as [keyof T & string, 'shown' | 'hidden' | ((value: unknown) => unknown)][] // as Sight has it
  return (value) => {
    const seen = fields.flatMap(([key, see]) => {
      const before = value[key]
      if (see === 'hidden' || !(key in value)) return []
      if (before === undefined || before === null) return [[key, before]]
      return [[key, see === 'shown' ? before : see(before)]]
    })
    return Object.fromEntries(seen) as T // only fields that may be absent are left out
  }
}

/** Each item with what is seen of it. */
export const each =
  <T>(see: (value: T) => T) =>
  (values: readonly T[]): T[] =>
    values.map(see)

/** Nothing of a list. */
export const none = (): never[] => []

/** Words of pilot's own code, or of pilot.yaml. */
export const own = (words: string): string => words
