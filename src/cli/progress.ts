import type { Context } from './context.js'

const width = 24
/** Often enough to look alive, seldom enough to cost nothing. */
const everyMs = 100

/** One line on a terminal's standard error that shows how far a file was read; nothing where nobody looks. */
export function createProgress(context: Context) {
  const { show, clear } = createTextProgress(context)
  return {
    show: (_path: string, bytesRead: number, sizeBytes: number | undefined) => show(line(bytesRead, sizeBytes)),
    clear,
  }
}

/** One line that shows how many of so many are done. */
export function createCountProgress(context: Context) {
  const { show, clear } = createTextProgress(context)
  return {
    show: (what: string, done: number, all: number) => show(`${what} ${bar(done / all)} ${done} of ${all}`),
    clear,
  }
}

/** One line of text that changes. */
export function createTextProgress({ io, options }: Context) {
  const isShown = io.stderr.isTTY && !options.quiet && !options.json
  let lastMs = 0
  let isOnScreen = false
  return {
    show(text: string): void {
      const nowMs = io.nowMs()
      if (!isShown || nowMs - lastMs < everyMs) return
      lastMs = nowMs
      isOnScreen = true
      io.stderr.write(`\r\u001b[K${text}`)
    },
    clear(): void {
      if (isOnScreen) io.stderr.write('\r\u001b[K')
      isOnScreen = false
    },
  }
}

function bar(share: number): string {
  const filled = Math.round(share * width)
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`
}

function line(bytesRead: number, sizeBytes: number | undefined): string {
  const megabytes = `${(bytesRead / 1e6).toFixed(1)} MB`
  if (!sizeBytes) return `reading ${megabytes}`
  const share = Math.min(1, bytesRead / sizeBytes)
  return `reading ${bar(share)} ${Math.floor(share * 100)} % of ${(sizeBytes / 1e6).toFixed(1)} MB`
}
