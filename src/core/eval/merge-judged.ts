import type { JudgedItem } from './validate-judge.js'

/**
 * One item per id, in order of first sight. Where people differ on an item that comes again, its rows are those of several
 * people, in the whole file: the label of more than half counts, none where there is no such. Else they are the judge asked again.
 */
export function mergeJudged(rows: readonly JudgedItem[]): JudgedItem[] {
  const items = new Map<string, JudgedItem[]>()
  for (const row of rows) {
    const group = items.get(row.item)
    if (group === undefined) items.set(row.item, [row])
    else group.push(row)
  }
  const groups = [...items.values()]
  const isByPeople = groups.some((group) => new Set(group.flatMap(({ human }) => human ?? [])).size > 1)
  return groups.map((group) => (isByPeople ? ofPeople(group) : askedAgain(group)))
}

function ofPeople(group: readonly JudgedItem[]): JudgedItem {
  const people = group.flatMap(({ human }) => human ?? [])
  const human = people.find((label) => people.filter((other) => other === label).length * 2 > people.length)
  return { ...group[0]!, human, people } // a group has a row
}

function askedAgain([first, ...others]: readonly JudgedItem[]): JudgedItem {
  if (others.length === 0) return first!
  return { ...first!, repeats: others.flatMap(({ judge }) => judge ?? []) }
}
