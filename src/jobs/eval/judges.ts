import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type LoadedConfig, readSmallFile } from '../../config/load.js'
import type { JudgeConfig } from '../../config/sections/evals.js'
import type { JudgeSpec } from '../../core/eval/judge.js'
import { hashOf } from './hash.js'

/** A judge of pilot.yaml, made ready. */
export interface Judge {
  spec: JudgeSpec
  config: JudgeConfig
  /** Of endpoint, model, rubric, scale and settings: what a certificate is bound to. */
  hash: string
}

/** The judges of pilot.yaml by their ids; a rubric that names a file beside it is read. */
export function readJudges({ config, directory }: LoadedConfig): Map<string, Judge> {
  return new Map(
    config.judges.map((judge) => {
      const rubric = rubricText(judge.rubric, directory)
      const { id, model, scale, pass_from, endpoint, settings } = judge
      const spec: JudgeSpec = { id, model, rubric, scale: scaleOf(scale, pass_from) }
      return [id, { spec, config: judge, hash: hashOf({ endpoint, model, rubric, scale, pass_from, settings }) }]
    }),
  )
}

function rubricText(rubric: string, directory: string): string {
  if (rubric.includes('\n') || !existsSync(resolve(directory, rubric))) return rubric
  return readSmallFile(resolve(directory, rubric), rubric)
}

function scaleOf(scale: string, passFrom: number | undefined): JudgeSpec['scale'] {
  const [, min, max] = /^(-?\d+)\.\.(-?\d+)$/.exec(scale) ?? []
  if (min === undefined || max === undefined || passFrom === undefined) return 'pass-fail'
  return { min: Number(min), max: Number(max), passFrom }
}

/**
 * What a certificate of a judge is bound to under one kind of check: the team's rubric is the judge's own, but a check that
 * brings other instructions has to be validated with those.
 */
export function judgeHashFor({ hash }: Judge, check: string): string {
  return check === 'rubric' ? hash : hashOf([hash, check])
}
