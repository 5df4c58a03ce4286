import type { TaskRun } from './log-entry.js'
import { type OtherTool, otherTools } from './other-tools.js'
import { personas, taskScripts } from './personas.js'
import { wilson } from './stats/proportion.js'
import { quantile } from './stats/quantile.js'

/** How the tasks of one persona went; who tried them is not in it. */
export interface PersonaSummary {
  persona: string
  /** Tasks done, of those tried. */
  x: number
  n: number
  /** 95 % Wilson score interval of the share done. */
  interval: { low: number; high: number }
  /** Of the tasks done; undefined while none is. */
  medianMinutes: number | undefined
  neededHelp: number
  neededRawText: number
  /** Other tools with in how many tasks they were opened, the most frequent first. */
  opened: { tool: OtherTool; tasks: number }[]
}

/** One summary per persona with a task, in the order of the catalogue. Tasks of no script are left out. */
export function summarisePersonas(runs: readonly TaskRun[]): PersonaSummary[] {
  return personas
    .map(({ persona }) => ({ persona, tried: runs.filter(({ task }) => personaOf(task) === persona) }))
    .filter(({ tried }) => tried.length > 0)
    .map(({ persona, tried }) => {
      const done = tried.filter((each) => each.done)
      const minutes = done.map((each) => each.minutes).sort((a, b) => a - b)
      return {
        persona,
        x: done.length,
        n: tried.length,
        interval: wilson(done.length, tried.length),
        medianMinutes: minutes.length === 0 ? undefined : quantile(minutes, 0.5),
        neededHelp: tried.filter((each) => each.neededHelp).length,
        neededRawText: tried.filter((each) => each.neededRawText).length,
        opened: openedIn(tried),
      }
    })
}

/** The persona that a task belongs to; undefined for a task of no script. */
export function personaOf(task: string): string | undefined {
  return taskScripts.find(({ id }) => id === task)?.persona
}

function openedIn(tried: readonly TaskRun[]): PersonaSummary['opened'] {
  return otherTools
    .map((tool) => ({ tool, tasks: tried.filter(({ opened }) => opened.includes(tool)).length }))
    .filter(({ tasks }) => tasks > 0)
    .sort((a, b) => b.tasks - a.tasks)
}
