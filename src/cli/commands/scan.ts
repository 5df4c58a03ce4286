import { nearest } from '../../config/suggest.js'
import { PilotError } from '../../core/errors.js'
import { type DetectorName, detectorNames } from '../../core/privacy/detectors/index.js'
import { hasSecrets } from '../../core/scan-findings.js'
import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'

export const scan: AddCommand = (program, run) => {
  program
    .command('scan')
    .summary('look for secrets and personal data that are left')
    .description(
      'Looks through all that is stored, what pilot keeps beside the store, and files and folders that are named, such as reports and exports. Says which detector found how many in which field, and in which traces; never what. Exits 1 if a secret or a payment card is found.',
    )
    .argument('[paths...]', 'files and folders to look through too')
    .option('--detect <names>', `all, or some of ${detectorNames.join(', ')}`, 'all')
    .addHelpText(
      'after',
      examples(
        'pilot scan',
        'pilot scan --detect email,phone',
        "pilot scan traces.jsonl --detect ip --json | jq '.files'",
      ),
    )
    .action(run(runScan))
}

async function runScan(context: Context, paths: string[], { detect }: { detect: string }): Promise<number> {
  const { scanAll } = await import('../../jobs/scan/scan.js')
  const { formatScan } = await import('../../reports/scan.js')
  const { createCountProgress, createProgress } = await import('../progress.js')
  const [bar, fileBar] = [createCountProgress(context), createProgress(context)]
  const report = await scanAll(await context.loadConfigIfAny(), {
    ...{ paths, detectors: detectorsIn(detect), cwd: context.io.cwd },
    onSpans: (done, all) => bar.show('scanning spans', done, all),
    onFile: fileBar.show,
  })
  bar.clear()
  fileBar.clear()
  if (context.options.json) context.printJson({ schemaVersion: 1, ...report })
  else context.print(formatScan(report, context))
  return hasSecrets(report) ? 1 : 0
}

function detectorsIn(written: string): DetectorName[] {
  if (written === 'all') return [...detectorNames]
  return written.split(',').map((word) => {
    const known = detectorNames.find((name) => name === word.trim())
    if (known !== undefined) return known
    const near = nearest(word.trim(), detectorNames)
    throw new PilotError(`--detect knows no detector ${JSON.stringify(word.trim())}.`, {
      hint: near === undefined ? `It takes all, or some of ${detectorNames.join(', ')}.` : `Did you mean ${near}?`,
    })
  })
}
