import type { ArmTimes } from '../core/drill/arm-times.js'
import type { DrillReport } from '../core/drill/report.js'
import { wilson } from '../core/stats/proportion.js'

/** The report as data: minutes, null where unknown or not reached; engineers are counted, never named. */
export function drillReportJson(report: DrillReport, isShort: boolean) {
  const { arms, comparisons, questions, agreement, weeks, learning, tools, otherArms, limitMinutes } = report
  const short = {
    schemaVersion: 1,
    limitMinutes,
    arms: arms.map(({ engineers, samples: _, within, ...arm }) => ({
      ...arm,
      ...bounds(arm),
      engineers: engineers.length,
      within: { ...within, share: within.n === 0 ? null : within.x / within.n, ...wilson(within.x, within.n) },
    })),
    comparisons: comparisons.map((each) => ({ ...nullable(each), paired: nullable(each.paired) })),
    otherArms,
  }
  return isShort
    ? short
    : {
        ...short,
        questions: questions.map(nullable),
        agreement: nullable(agreement),
        weeks: weeks.map((week) => ({ ...week, ...bounds(week) })),
        learning: learning.map(nullable),
        tools,
      }
}

/** Undefined is null in JSON, since a key that is absent says nothing. */
function nullable<T extends object>(record: T): { [K in keyof T]: T[K] | null } {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, value ?? null])) as {
    [K in keyof T]: T[K] | null
  } // the same keys
}

function bounds({ median, low, high }: Pick<ArmTimes, 'median' | 'low' | 'high'>) {
  return { median: median ?? null, low: low ?? null, high: high ?? null }
}
