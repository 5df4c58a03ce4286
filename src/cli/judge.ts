import { PilotError } from '../core/errors.js'
import { reasonsAgainst } from '../core/eval/certify.js'
import { correctedRate, type Sampling } from '../core/eval/corrected-rate.js'
import type { JudgedItem, JudgeFigures } from '../core/eval/validate-judge.js'
import type { Context } from './context.js'
import { createCountProgress } from './progress.js'

interface ValidateOptions {
  file?: string
  run?: string
  name?: string
  positive?: string
  check: string
  repeat: number
  all?: boolean
  sampling: Sampling
  yes?: boolean
}

/** `pilot judge validate`. */
export async function runValidate(
  context: Context,
  judge: string | undefined,
  options: ValidateOptions,
): Promise<number> {
  if (options.file !== undefined) {
    const { run, name, repeat, all } = options
    if ([judge, run, name, all].some((word) => word !== undefined) || repeat !== 1)
      throw new PilotError('--file holds the verdicts: no judge, --run, --name, --repeat or --all beside it.')
    return validateOfFile(context, options.file, options)
  }
  if (judge === undefined)
    throw new PilotError('Which judge is meant?', {
      hint: 'pilot judge validate JUDGE, one that pilot judge list shows; or pilot judge validate --file FILE',
    })
  const { validateStored } = await import('../jobs/judge/validate-stored.js')
  const progress = createCountProgress(context)
  const { figures, judged, reasons, certificate, run, leftOut } = await validateStored(
    await context.loadConfig(),
    judge,
    {
      ...{
        run: options.run,
        name: options.name,
        positive: options.positive,
        check: options.check,
        repeats: options.repeat,
      },
      judgesAll: options.all === true,
      yes: options.yes === true,
      env: context.io.env,
      nowMs: context.io.nowMs,
      onProgress: (done, all) => progress.show(judge, done, all),
    },
  )
  progress.clear()
  if (leftOut > 0)
    context.remark(
      `${leftOut} outputs were left out: their case is another one today, or the check had nothing to ask.`,
    )
  await printJudge(
    context,
    { figures, judged, reasons, sampling: options.sampling },
    { judge, run: run.id, certificate },
  )
  if (certificate.granted)
    context.remark(
      `The certificate of ${judge} lasts until ${new Date(certificate.expiresMs).toISOString().slice(0, 10)}.`,
    )
  return certificate.granted ? 0 : 1
}

async function validateOfFile(
  context: Context,
  file: string,
  { positive, sampling }: ValidateOptions,
): Promise<number> {
  const { validateFile } = await import('../jobs/judge/validate-file.js')
  const { figures, judged, problems } = await validateFile(file, { positive, world: context.io })
  const reasons = reasonsAgainst(figures)
  for (const { line, message } of problems) context.warn(`problem ${file}:${line}: ${message}`)
  await printJudge(context, { figures, judged, reasons, sampling }, { problems })
  return reasons.length === 0 ? 0 : 1
}

async function printJudge(
  context: Context,
  {
    figures,
    judged,
    reasons,
    sampling,
  }: { figures: JudgeFigures; judged: readonly JudgedItem[]; reasons: readonly string[]; sampling: Sampling },
  more: { certificate?: object; problems?: object; judge?: string; run?: string },
): Promise<void> {
  const corrected = correctedRate(judged, figures, sampling)
  if (context.options.json) {
    const { judgeJson } = await import('../reports/judge-json.js')
    const { certificate, ...others } = more
    const figuresJson = judgeJson(figures, reasons, corrected)
    context.printJson({ schemaVersion: 1, ...figuresJson, ...others, ...(certificate && { certificate }) })
    return
  }
  const { formatJudge } = await import('../reports/judge.js')
  context.print(formatJudge(figures, { reasons, corrected }, context))
}

/** `pilot judge list`. */
export async function runCertificates(context: Context): Promise<number> {
  const { listJudges } = await import('../jobs/judge/list-judges.js')
  const { judgeForProduct } = await import('../jobs/audience/judges.js')
  const all = listJudges(await context.loadConfig(), context.io.nowMs())
  const judges = context.audience === 'product' ? all.map(judgeForProduct) : all
  if (context.options.json) {
    context.printJson({
      schemaVersion: 1,
      judges: judges.map(({ certificate, whyNot, ...known }) => ({
        ...known,
        gates: whyNot === undefined,
        whyNot: whyNot ?? null,
        certificate: certificate ?? null,
      })),
    })
    return 0
  }
  const { formatJudges } = await import('../reports/judge.js')
  context.print(formatJudges(judges, context))
  if (judges.length > 0) context.remark(`Next: pilot judge validate ${judges[0]?.id}`)
  return 0
}
