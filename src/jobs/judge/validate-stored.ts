import type { Check, Errand } from '../../checks/check.js'
import { groundedJudge } from '../../checks/grounded-judge.js'
import { rubric } from '../../checks/rubric.js'
import type { LoadedConfig } from '../../config/load.js'
import { nearest } from '../../config/suggest.js'
import { exitCodes, PilotError } from '../../core/errors.js'
import { textOf } from '../../core/eval/case.js'
import type { Certificate } from '../../core/eval/certificate.js'
import { reasonsAgainst } from '../../core/eval/certify.js'
import { type EvalRun, placeKey } from '../../core/eval/run.js'
import { type JudgedItem, type JudgeFigures, type ShareOf, validateJudge } from '../../core/eval/validate-judge.js'
import { createPricer } from '../../core/prices.js'
import { createPolicy } from '../../core/privacy/policy.js'
import { loadHash } from '../../io/salt.js'
import { type KeptOutput, readRunCases, readRunOutputs, readRuns } from '../../store/evals.js'
import { saveCertificate } from '../../store/judges.js'
import { readLabels } from '../../store/labels.js'
import type { Store } from '../../store/open.js'
import { judgeAsker } from '../eval/ask-judge.js'
import { caseHash } from '../eval/dataset-lock.js'
import { eachAtOnce } from '../eval/each-at-once.js'
import type { Consent } from '../eval/endpoints.js'
import { findRun } from '../eval/find-run.js'
import { type Judge, judgeHashFor, readJudges } from '../eval/judges.js'
import { casesOf } from '../eval/suite-cases.js'
import { workspaceOf } from '../workspace.js'
import { type HumanLabel, labelsOfOutputs } from './human-labels.js'
import { refuseUnknownLabel } from './validate-file.js'

export interface ValidateStoredOptions extends Consent {
  run: string | undefined
  /** The question whose labels count; that of the judge's own name, if undefined. */
  name: string | undefined
  positive: string | undefined
  /** The kind of check that it is certified for, one of `certifiable`. */
  check: string
  /** How often the first outputs are asked about. */
  repeats: number
  /** Also judge the outputs that nobody labelled, for the corrected pass rate. */
  judgesAll: boolean
  nowMs(): number
  onProgress(done: number, all: number): void
}

export interface ValidatedJudge {
  figures: JudgeFigures
  judged: JudgedItem[]
  reasons: string[]
  certificate: Certificate
  run: EvalRun
  /** Labelled outputs that it could not be asked about: their case is another one today, or the check had nothing to ask. */
  leftOut: number
}

/** The checks that ask for a pass or a fail of one output, which is what people can label. */
const certifiable: Readonly<Record<string, Check>> = { rubric, 'grounded-judge': groundedJudge }

/** Outputs on which a judge is asked again for its consistency. */
const askedAgain = 50
/** Questions under way at the same time. */
const atOnce = 4
const dayMs = 86_400_000

/** Asks a judge about the labelled outputs of a run and certifies it, or refuses to; either is kept. Throws `PilotError` without labels. */
export async function validateStored(
  loaded: LoadedConfig,
  id: string,
  options: ValidateStoredOptions,
): Promise<ValidatedJudge> {
  const judge = findJudge(loaded, id)
  const workspace = workspaceOf(loaded)
  const db = workspace.open('write')
  try {
    const { run, labels } = findLabelled(db, options.run, options.name ?? id)
    const policy = await createPolicy(loaded.config.capture.privacy ?? [], loadHash(workspace.saltPath))
    const ask = judgeAsker({ ...options, db, applyText: policy.applyText, price: createPricer(loaded.config.prices) })
    const cases = await casesOf(loaded, run, db)
    const hashes = new Map(readRunCases(db, run.id).map(({ id: caseId, hash }) => [caseId, hash]))
    const grade = await certifiable[options.check]!.prepare({ judge: id }, { judges: new Map([[id, judge.spec]]) }) // the command takes no other
    const outputs = readRunOutputs(db, run.id).filter(([, , output]) => output.failure === undefined)
    const wanted = outputs.filter(([caseId, repeat]) => options.judgesAll || labels.has(placeKey(caseId, repeat)))
    const asked = wanted.flatMap(([caseId, repeat, output]) => {
      const known = cases.get(caseId)
      // A judge would see another question beside the old answer, or none.
      if (known === undefined || caseHash(known) !== hashes.get(caseId)) return []
      const errand = grade({ case: known, output })
      return 'kind' in errand && errand.kind === 'judge' ? [{ place: [caseId, repeat, output] as const, errand }] : []
    })
    const judged: JudgedItem[] = new Array(asked.length)
    let done = 0
    await eachAtOnce([...asked.entries()], atOnce, async ([index, { place, errand }], signal) => {
      const answers = await answersOf(errand, index < askedAgain ? options.repeats : 1, signal)
      judged[index] = judgedItem(place, labels.get(placeKey(place[0], place[1])), answers)
      done += 1
      options.onProgress(done, asked.length)
    })
    const figures = validateJudge(judged, options.positive ?? 'pass')
    if (figures === undefined) throw noLabels(run, options.name ?? id)
    refuseUnknownLabel(figures, options.positive)
    const reasons = reasonsAgainst(figures)
    const certificate = certificateOf([judge, options.check], figures, reasons, options.nowMs())
    saveCertificate(db, certificate)
    return { figures, judged, reasons, certificate, run, leftOut: wanted.length - asked.length }

    async function answersOf(
      errand: Extract<Errand, { kind: 'judge' }>,
      times: number,
      signal: AbortSignal,
    ): Promise<(string | undefined)[]> {
      const said: (string | undefined)[] = []
      for (let nth = 0; nth < times; nth += 1) {
        const answer = await ask(judge, errand.asks[0] ?? [], nth, signal)
        // An outage says nothing of the judge: it is no verdict that could not be read.
        if ('failure' in answer)
          throw new PilotError(`The judge ${id} did not answer: ${answer.failure}. Nothing was certified.`, {
            hint: 'What it said so far is kept: the same command goes on.',
            exitCode: exitCodes.io,
          })
        const { outcome } = errand.read([answer.answer])
        said.push(outcome === 'pass' || outcome === 'fail' ? outcome : undefined)
      }
      return said
    }
  } finally {
    db.close()
  }
}

function findJudge(loaded: LoadedConfig, id: string): Judge {
  const judges = readJudges(loaded)
  const judge = judges.get(id)
  if (judge !== undefined) return judge
  const near = nearest(id, [...judges.keys()])
  throw new PilotError(`pilot.yaml has no judge ${id}.`, {
    hint:
      near !== undefined
        ? `Did you mean ${near}?`
        : judges.size === 0
          ? 'Write one under judges; pilot.yaml.example shows how. Or check a file: --file.'
          : `It has ${[...judges.keys()].join(', ')}.`,
  })
}

/** The run that is named, else the last one with labels. */
function findLabelled(
  db: Store,
  named: string | undefined,
  name: string,
): { run: EvalRun; labels: Map<string, HumanLabel> } {
  const all = readLabels(db, name)
  const labelsOf = (run: EvalRun) => labelsOfOutputs(run, readRunOutputs(db, run.id), all)
  const run = named === undefined ? readRuns(db).findLast((each) => labelsOf(each).size > 0) : findRun(db, named)
  const labels = run === undefined ? undefined : labelsOf(run)
  if (run === undefined || labels === undefined || labels.size === 0) throw noLabels(run, name)
  return { run, labels }
}

function noLabels(run: EvalRun | undefined, name: string): PilotError {
  const who = run === undefined ? 'No run has an output' : `${run.id} has no output`
  return new PilotError(`${who} that people labelled with ${name}.`, {
    hint: `pilot label start --run ${run?.id ?? 'RUN'} --name ${name} --by ALIAS, or pilot ingest --as labels FILE`,
  })
}

function judgedItem(
  [caseId, repeat, output]: readonly [string, number, KeptOutput],
  label: HumanLabel | undefined,
  [first, ...others]: readonly (string | undefined)[],
): JudgedItem {
  return {
    item: repeat > 1 ? `${caseId}/${repeat}` : caseId,
    human: label?.value,
    people: label?.people ?? [],
    judge: first,
    repeats: others.filter((answer) => answer !== undefined),
    length: textOf(output.value)?.length,
  }
}

function certificateOf(
  [judge, check]: readonly [Judge, string],
  figures: JudgeFigures,
  reasons: string[],
  nowMs: number,
): Certificate {
  const { items, tpr, tnr, agreement } = figures
  return {
    granted: reasons.length === 0,
    reasons,
    judge: judge.spec.id,
    judgeHash: judgeHashFor(judge, check),
    issuedMs: nowMs,
    expiresMs: nowMs + judge.config.valid_for * dayMs,
    items,
    tpr: rateOf(tpr),
    tnr: rateOf(tnr),
    kappa: agreement?.kappa,
    ac1: agreement?.ac1,
  }
}

function rateOf(share: ShareOf | undefined): { rate: number; n: number } | undefined {
  return share && { rate: share.rate, n: share.n }
}
