import type { ListedChange } from '../core/releases/list.js'
import { formatCount, formatDuration, nothing } from './number.js'
import { changeTime, howText } from './release-text.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'

/** How many of the latest changes are shown. */
const shown = 30

/** The changes of one platform in order of time, with the runs in the windows around each. */
export function formatReleaseList(
  changes: readonly ListedChange[],
  { windowMs, ...options }: TerminalOptions & { windowMs: number },
): string {
  const window = formatWindow(windowMs)
  const left = Math.max(0, changes.length - shown)
  const lines = formatSection(
    {
      title: `Releases and prompt versions: ${formatCount(changes.length)}`,
      table: {
        head: ['time (UTC)', 'what', 'version', 'environment', 'known', `runs ${window} before`, 'after'],
        align: 'lllllrr',
        rows: changes
          .slice(left)
          .map(({ change, label, runs }) => [
            changeTime(change),
            change.kind,
            label,
            change.environment ?? nothing,
            howText(change),
            formatCount(runs.before),
            formatCount(runs.after),
          ]),
      },
      lines: [
        ...(changes.length === 0 ? ['No deployment is stored, and no run names its release or prompt version.'] : []),
        ...(left > 0 ? [`${formatCount(left)} earlier ones are left out; --json has all.`] : []),
        ...(changes.some(({ change }) => change.how === 'seen first')
          ? ['"Seen first" is the first run that names the version: no deployment of it is stored.']
          : []),
      ],
    },
    options,
  )
  return `${lines.join('\n')}\n`
}

/** `24 h`, `30 min`. */
export function formatWindow(ms: number): string {
  return ms % 3_600_000 === 0 ? `${formatCount(ms / 3_600_000)} h` : formatDuration(ms)
}
