/** Whether a judge likes long outputs better than people do. */
export interface LengthBias {
  /** Characters at the middle of the outputs. */
  medianLength: number
  /** Share that the judge gave the positive label, less that of people, among longer and among shorter outputs. */
  longer: { n: number; excess: number }
  shorter: { n: number; excess: number }
}

/** Undefined where fewer than two outputs have a length, or all the same. */
export function lengthBias(
  judged: readonly { human: string; judge: string; length?: number | undefined }[],
  positive: string,
): LengthBias | undefined {
  const measured = judged.flatMap(({ human, judge, length }) =>
    length === undefined ? [] : [{ length, excess: Number(judge === positive) - Number(human === positive) }],
  )
  const sorted = measured.map(({ length }) => length).sort((a, b) => a - b)
  const medianLength = sorted[Math.floor((sorted.length - 1) / 2)]
  if (medianLength === undefined) return undefined
  const longer = measured.filter(({ length }) => length > medianLength)
  const shorter = measured.filter(({ length }) => length <= medianLength)
  if (longer.length === 0) return undefined
  return { medianLength, longer: excessOf(longer), shorter: excessOf(shorter) }
}

function excessOf(outputs: readonly { excess: number }[]): { n: number; excess: number } {
  let sum = 0
  for (const { excess } of outputs) sum += excess
  return { n: outputs.length, excess: sum / outputs.length }
}
