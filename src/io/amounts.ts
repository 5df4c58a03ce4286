/** A limit in bytes as failures say it: `10 MB`, `64 KB`, `100 bytes` (decimal units). */
export function sayBytes(bytes: number): string {
  if (bytes >= 1_000_000) return `${bytes / 1_000_000} MB`
  return bytes >= 1000 ? `${bytes / 1000} KB` : `${bytes} bytes`
}

/** A limit in milliseconds as failures say it: `2 s`, `0.2 s`. */
export function saySeconds(ms: number): string {
  return `${ms / 1000} s`
}
