import { existsSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import type { Command } from 'commander'
import { PilotError } from '../../core/errors.js'
import { examples, type Run } from '../command.js'
import type { Context } from '../context.js'

/** `pilot probe privacy`: canaries that are planted, and looked for. */
export function privacy(probe: Command, run: Run): void {
  const group = probe
    .command('privacy')
    .summary('canaries: made-up secrets that are sent, and looked for afterwards')
    .description(
      'Makes unique values that look like cards, IBANs, API keys, addresses, phone numbers, names and health notes, one for each way into a trace, for the team to send through the application; then looks for them, in every encoding, in exports, in the store and in the files of the pilot. What was sent must arrive for "not found" to mean anything.',
    )
    .addHelpText('after', examples('pilot probe privacy plant --out canaries.csv', 'pilot probe privacy list'))
  for (const add of [plant, verify, list]) add(group, run)
}

function plant(group: Command, run: Run): void {
  group
    .command('plant')
    .summary('make a set, and the sheet of what to send where')
    .description(
      'Makes a set of canaries and prints what to send where. The sheet is written beside it (0600): .pilot/canaries-<set>.md, or --out. The values are kept in .pilot/canaries-<set>.json (0600), never in the store. Which channels and kinds: probes.privacy in pilot.yaml.',
    )
    .option('--out <file>', 'where the sheet goes: .md, .csv or .json')
    .addHelpText(
      'after',
      examples('pilot probe privacy plant', "pilot probe privacy plant --json | jq '.requests[0].canaries'"),
    )
    .action(run(runPlant))
}

function verify(group: Command, run: Run): void {
  group
    .command('verify')
    .summary('look for a set in exports, the store and the files of the pilot')
    .description(
      'Looks for the values of a set in these files (plain, .gz or .zst) and in all files below these folders; without any, in the exports that were ingested. And always in the store, and in the files beside pilot.yaml and below .pilot. Each canary is held against what is declared for it. Exits 1 if one leaked, or if none could be measured.',
    )
    .argument('[paths...]', 'exports of the platform: files, or folders with all that is below them')
    .option('--set <set>', 'which set; the last one, if left out')
    .option('--platform <id>', 'whose exports they are; needed where pilot.yaml names several')
    .addHelpText(
      'after',
      examples('pilot probe privacy verify', "pilot probe privacy verify traces.jsonl --json | jq '.canaries[0]'"),
    )
    .action(run(runVerify))
}

function list(group: Command, run: Run): void {
  group
    .command('list')
    .summary('the sets, and what was found of each')
    .description('The sets that were planted here, and every search for them. Values are not shown.')
    .addHelpText('after', examples('pilot probe privacy list', "pilot probe privacy list --json | jq '.sets'"))
    .action(run(runList))
}

async function runPlant(context: Context, { out }: { out?: string }): Promise<number> {
  const { plantSet } = await import('../../jobs/canary-sets.js')
  const { writeAtomically } = await import('../../config/atomic-write.js')
  const { canarySheet, sheetForms, sheetJson } = await import('../../reports/probe-privacy.js')
  const path = out === undefined ? undefined : resolve(context.io.cwd, out)
  const form = path === undefined ? 'md' : sheetForms.find((each) => extname(path) === `.${each}`)
  if (form === undefined)
    throw new PilotError(`--out ${out} is no kind of sheet.`, {
      hint: `It ends in ${sheetForms.map((each) => `.${each}`).join(', ')}.`,
    })
  if (path !== undefined && existsSync(path))
    throw new PilotError(`--out ${out} is there already.`, {
      hint: 'It may be the only sheet of an earlier set: name another file, or delete it.',
    })
  const set = plantSet(await context.loadConfig(), context.io.nowMs(), path)
  const [sheet = ''] = set.sheets
  writeAtomically(sheet, canarySheet(set, form), 0o600)
  if (context.options.json) {
    context.printJson({ schemaVersion: 1, ...sheetJson(set), sheet })
    return 0
  }
  context.print(canarySheet(set, 'md'))
  context.remark(`Written to ${sheet}, for its owner only.`)
  context.remark('Next: send the requests, export the traces, then pilot probe privacy verify <export>')
  return 0
}

async function runVerify(
  context: Context,
  paths: string[],
  options: { set?: string; platform?: string },
): Promise<number> {
  const { verifyPrivacy } = await import('../../jobs/probe-privacy.js')
  const { verdictCounts } = await import('../../core/probes/privacy.js')
  const { formatPrivacy } = await import('../../reports/probe-privacy.js')
  const { io } = context
  const found = await verifyPrivacy(
    await context.loadConfig(),
    { paths, set: options.set, platform: options.platform },
    { cwd: io.cwd, nowMs: io.nowMs },
  )
  const { platform, result } = found
  const verdicts = verdictCounts(result)
  if (context.options.json) context.printJson({ schemaVersion: 1, platform, verdicts, ...result })
  else context.print(formatPrivacy(found, context))
  context.remark('Next: pilot scorecard --explain canary-leaks')
  return verdicts.leaked > 0 || verdicts['not measured'] === result.canaries.length ? 1 : 0
}

async function runList(context: Context): Promise<number> {
  const { readSets } = await import('../../jobs/canary-sets.js')
  const { readPrivacyRuns } = await import('../../jobs/probe-privacy.js')
  const { verdictCounts } = await import('../../core/probes/privacy.js')
  const { formatPrivacyList } = await import('../../reports/probe-privacy.js')
  const loaded = await context.loadConfig()
  const sets = readSets(loaded)
  const runs = readPrivacyRuns(loaded)
  if (context.options.json)
    context.printJson({
      schemaVersion: 1,
      sets: sets.map(({ id, plantedMs, requests }) => ({
        ...{ set: id, plantedMs, requests: requests.length },
        canaries: requests.flatMap(({ canaries }) => canaries).map(({ id: canary }) => canary),
      })),
      runs: runs.map(({ id, platform, startedMs, endedMs, result }) => ({
        ...{ id, platform, startedMs, endedMs, set: result.set },
        ...{ requests: result.requests, verdicts: verdictCounts(result) },
      })),
    })
  else context.print(formatPrivacyList(sets, runs, context))
  const isLookedFor = runs.some(({ result }) => result.set === sets.at(-1)?.id)
  const isOpen = sets.length > 0 && !isLookedFor
  context.remark(`Next: pilot probe privacy ${isOpen ? 'verify <export>' : 'plant'}`)
  return 0
}
