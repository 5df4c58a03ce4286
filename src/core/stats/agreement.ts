import { z95 as z } from './normal.js'

/**
 * Krippendorff's alpha for nominal values: 1 is full agreement, 0 that of chance, below 0 worse than chance. Each item holds
 * the ratings it got; a missing one is left out, and an item with fewer than two says nothing. Undefined if no item has two.
 * Where only one value was ever given the formula is 0/0; it counts as full agreement there, although chance would do as well.
 * Krippendorff (2011), Computing Krippendorff's Alpha-Reliability.
 */
export function krippendorffAlpha(items: readonly (readonly string[])[]): number | undefined {
  const pairable = items.filter((ratings) => ratings.length >= 2)
  if (pairable.length === 0) return undefined
  const byChance = disagreement(pairable.flat())
  if (byChance === 0) return 1
  let observed = 0
  for (const ratings of pairable) observed += disagreement(ratings)
  return 1 - observed / byChance
}

/** Ordered pairs of ratings that differ, over the number of others that each rating can be paired with. */
function disagreement(ratings: readonly string[]): number {
  const counts = new Map<string, number>()
  for (const rating of ratings) counts.set(rating, (counts.get(rating) ?? 0) + 1)
  let pairs = 0
  for (const count of counts.values()) pairs += count * (ratings.length - count)
  return pairs / (ratings.length - 1)
}

/** An interval of 95 %. */
interface Interval {
  low: number
  high: number
}

/** How far two raters of the same items agree. Each coefficient is 1 in full agreement and 0 in that of chance, as it sees chance. */
export interface Agreement {
  /** Items. */
  n: number
  /** Share of the items on which both say the same, 0–1. */
  observed: number
  /** Cohen (1960): by chance each rater keeps to his own shares. Undefined (0/0) if both gave one and the same label throughout. */
  kappa: number | undefined
  /** Undefined where the standard error is 0 (full agreement, a constant rater): that is no certainty. */
  kappaCi: Interval | undefined
  /** Gwet (2008): steady where nearly all items have one label. Undefined for a table of one label. */
  ac1: number | undefined
  /** Undefined where the standard error is 0. */
  ac1Ci: Interval | undefined
  /** Scott (1955): by chance both keep to their mean shares. Undefined as kappa. */
  scottPi: number | undefined
  /** Krippendorff's, nominal: Scott's with a correction for few items. Undefined as kappa, where `krippendorffAlpha` says 1. */
  alpha: number | undefined
  /** Brennan and Prediger (1981): by chance all labels are alike. Undefined for a table of one label. */
  brennanPrediger: number | undefined
}

/**
 * The agreement of two raters from their square table of counts: rows are the first's labels, columns the second's, in one
 * order. A label that nobody gave still counts as one of the labels in AC1 and Brennan–Prediger. Undefined without an item.
 * Intervals are coefficient ± z · se with the normal quantile, as SAS has it (irrCAC takes t instead), clipped to −1…1. se is
 * asymptotic: of Fleiss, Cohen and Everitt (1969) for kappa, of Gwet (2008) for AC1, each with n in the denominator.
 */
export function agreementOf(table: readonly (readonly number[])[]): Agreement | undefined {
  const labels = table.length
  const rows = table.map(sum)
  const columns = table.map((_, label) => sum(table.map((row) => row[label] ?? 0)))
  const n = sum(rows)
  if (n === 0) return undefined
  const observed = sum(table.map((row, label) => row[label] ?? 0)) / n
  /** Mean share of each label over both raters. */
  const shares = rows.map((count, label) => (count + columns[label]!) / (2 * n))
  const sameByMeans = sum(shares.map((share) => share * share))
  const byKappa = sum(rows.map((count, label) => count * columns[label]!)) / (n * n)
  const byAc1 = labels === 1 ? 1 : (1 - sameByMeans) / (labels - 1)
  const kappa = beyondChance(observed, byKappa)
  const ac1 = beyondChance(observed, byAc1)
  return {
    n,
    observed,
    kappa,
    kappaCi: interval(table, kappa, (row, column) => (columns[row]! + rows[column]!) / (2 * n)),
    ac1,
    ac1Ci: interval(table, ac1, (row, column) => (1 - (shares[row]! + shares[column]!) / 2) / (labels - 1)),
    scottPi: beyondChance(observed, sameByMeans),
    // Among 2n ratings one is never paired with itself.
    alpha: beyondChance(observed, 1 - ((1 - sameByMeans) * 2 * n) / (2 * n - 1)),
    brennanPrediger: beyondChance(observed, 1 / labels),
  }
}

/** Counts of pairs of labels: rows are the first of each pair, columns the second. Throws on a label that is not in `labels`. */
export function tableOf(pairs: readonly (readonly [string, string])[], labels: readonly string[]): number[][] {
  const table = labels.map(() => labels.map(() => 0))
  const places = new Map(labels.map((label, place) => [label, place]))
  for (const [first, second] of pairs) {
    const row = places.get(first)
    const column = places.get(second)
    if (row === undefined || column === undefined) throw new RangeError('A pair has a label that is not in the list.')
    table[row]![column]! += 1
  }
  return table
}

/** The share of the possible agreement beyond chance that there is; undefined where chance leaves nothing. */
function beyondChance(observed: number, chance: number): number | undefined {
  return chance === 1 ? undefined : (observed - chance) / (1 - chance)
}

/**
 * By the delta method: `chanceOf` a cell is how much an item there adds to the agreement by chance, its mean over the items
 * being that chance, so that an item moves the coefficient by (agrees − 2 (1 − coefficient) · chanceOf) / (n (1 − chance)).
 */
function interval(
  table: readonly (readonly number[])[],
  coefficient: number | undefined,
  chanceOf: (row: number, column: number) => number,
): Interval | undefined {
  if (coefficient === undefined) return undefined
  const cells = table.flatMap((counts, row) =>
    counts.map((count, column) => {
      const chance = chanceOf(row, column)
      return { count, chance, moves: (row === column ? 1 : 0) - 2 * (1 - coefficient) * chance }
    }),
  )
  const n = sum(cells.map((cell) => cell.count))
  const chance = sum(cells.map((cell) => cell.count * cell.chance)) / n
  const mean = sum(cells.map((cell) => cell.count * cell.moves)) / n
  const variance = sum(cells.map((cell) => cell.count * (cell.moves - mean) ** 2)) / n
  // What rounding leaves of 0 is about 1e-32; one item among a million that differs makes 1e-6.
  if (variance < 1e-20) return undefined
  const half = (z * Math.sqrt(variance / n)) / (1 - chance)
  return { low: Math.max(-1, coefficient - half), high: Math.min(1, coefficient + half) }
}

function sum(values: readonly number[]): number {
  let total = 0
  for (const value of values) total += value
  return total
}
