/** A row of the database without its NULLs: unknown is undefined everywhere else. */
export function known<T>(row: object): T {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as T // the columns are the query's
}
