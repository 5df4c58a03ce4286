import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The regular files at a path, and in and below a folder, by name; links, pipes and devices are left out. */
export function regularFiles(path: string): string[] {
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (there?.isFile()) return [path]
  if (!there?.isDirectory()) return []
  return readdirSync(path)
    .sort()
    .flatMap((name) => regularFiles(join(path, name)))
}
