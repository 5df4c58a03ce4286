import { readFileSync } from 'node:fs'

/** Resident memory in bytes, now and at its peak, of a process and of all that it started; undefined where nothing tells it. */
export function memoryOf(pid: number): { nowBytes: number; peakBytes: number } | undefined {
  const status = readProc(`${pid}/status`) ?? ''
  const [now, peak] = ['VmRSS', 'VmHWM'].map((name) => new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1])
  if (now === undefined || peak === undefined) return undefined
  const sum = { nowBytes: Number(now) * 1024, peakBytes: Number(peak) * 1024 }
  const children = readProc(`${pid}/task/${pid}/children`)?.trim() ?? ''
  for (const child of children === '' ? [] : children.split(' ')) {
    const own = memoryOf(Number(child))
    sum.nowBytes += own?.nowBytes ?? 0
    sum.peakBytes += own?.peakBytes ?? 0
  }
  return sum
}

/** A file that Linux makes of its processes; undefined where there is none. */
export function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'utf8')
  } catch {
    return undefined // no /proc here, or the process has just ended
  }
}
