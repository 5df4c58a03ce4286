import type { Command } from 'commander'
import { type AddCommand, examples } from '../command.js'
import { deletionProbe } from '../probe/deletion.js'
import { exportProbe } from '../probe/export.js'
import { addOutage } from '../probe/outage.js'
import { overhead } from '../probe/overhead.js'
import { privacy } from '../probe/privacy.js'

/** One probe each; adds itself to the group. */
const probes: readonly ((group: Command, run: Parameters<AddCommand>[1]) => void)[] = [
  overhead,
  addOutage,
  privacy,
  deletionProbe,
  exportProbe,
]

export const probe: AddCommand = (program, run) => {
  const group = program
    .command('probe')
    .summary('active tests: overhead, outage, privacy, deletion, export')
    .description(
      'Questions that no export can answer: does the platform slow the application down, does the application survive its outage, and does sensitive data stay where it should? Each run is kept, and the scorecard goes by the last one.',
    )
    .addHelpText(
      'after',
      examples('pilot probe overhead --history', 'pilot probe privacy list', 'pilot probe deletion plan'),
    )
  for (const add of probes) add(group, run)
}
