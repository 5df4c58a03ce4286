import { entryOf } from '../keys.js'

/** Which names of the exports may be shown: those that the team declared, and those that many runs have. */
export interface Names {
  isShown(name: string): boolean
  /** The name, or `other step 1`: the same stand-in for the same name. */
  of(sort: string, name: string): string
  /** Of `name@version`. */
  ofPrompt(label: string): string
}

/** Shows these names and no others. */
export function namesShown(shown: ReadonlySet<string>): Names {
  const standIns = new Map<string, Map<string, string>>()
  const isShown = (name: string) => shown.has(name)
  const of = (sort: string, name: string) => {
    if (isShown(name)) return name
    const ofSort = entryOf(standIns, sort, () => new Map<string, string>())
    return entryOf(ofSort, name, () => `other ${sort} ${ofSort.size + 1}`)
  }
  return {
    isShown,
    of,
    ofPrompt(label) {
      const at = label.lastIndexOf('@')
      return at < 1 ? of('prompt', label) : `${of('prompt', label.slice(0, at))}@${of('version', label.slice(at + 1))}`
    },
  }
}
