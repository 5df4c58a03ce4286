import type { Comparison, NonInferiority } from '../core/eval/compare.js'
import type { LineProblem } from '../core/ingest-report.js'
import { boundsJson } from './json.js'

/** A comparison as `--json` prints it: `aPass`, `bPass` are counts, differences are B − A, intervals are [low, high]. */
export function comparisonJson(comparison: Comparison): object {
  const { pairs, unpaired, binary, mean, test, verdict, nonInferiority, margin, settlingN, power } = comparison
  return {
    pairs,
    cases: pairs,
    unpaired,
    ...(binary && {
      aPass: binary.aPass,
      bPass: binary.bPass,
      aPassCi95: boundsJson(binary.aPassCi),
      bPassCi95: boundsJson(binary.bPassCi),
      lost: binary.lost.length,
      gained: binary.gained.length,
      lostCases: binary.lost,
      gainedCases: binary.gained,
      pExact: binary.pExact,
      pMid: binary.pMid,
      diff: binary.diff,
      diffCi95: boundsJson(binary.diffCi),
    }),
    aMean: mean.aMean,
    bMean: mean.bMean,
    aSe: mean.aSe ?? null,
    bSe: mean.bSe ?? null,
    meanDiff: mean.meanDiff,
    se: mean.se ?? null,
    ci95: boundsJson(mean.ci),
    pValue: mean.pValue ?? null,
    independent: mean.independent,
    signFlipP: mean.signFlipP ?? null,
    bootstrapCi95: boundsJson(mean.bootstrap),
    bootstrapDraws: mean.bootstrap?.draws ?? null,
    test,
    verdict,
    margin: margin ?? null,
    nonInferiority: nonInferiority ?? null,
    settlingN: settlingN ?? null,
    power: { chance: power.chance, casesFor80: power.casesFor80 ?? null },
  }
}

interface FileComparison {
  comparison: Comparison
  problems: readonly LineProblem[]
  /** The verdict within the margin if each case that B has no result of had failed. */
  ifLost: NonInferiority | undefined
}

/** A comparison of the versions in a file. */
export function fileComparisonJson({ comparison, problems, ifLost }: FileComparison): object {
  return { schemaVersion: 1, ...comparisonJson(comparison), nonInferiorityIfLost: ifLost ?? null, problems }
}
