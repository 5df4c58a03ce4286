import type { Problem } from '../../core/drill/problems.js'
import { longWords } from '../../core/drill/words.js'
import { PilotError } from '../../core/errors.js'
import { readFeedback } from '../../store/judgements.js'
import type { Store } from '../../store/open.js'
import { contentReader } from '../../store/spans.js'

/**
 * The run that a complaint is about: the one whose texts, feedback, customer and user share the most of its words. Throws
 * `PilotError` (exit 2) where none shares two words, or several share as many.
 */
export function findComplaint(db: Store, complaint: string, runs: readonly Problem[]): Problem {
  const said = new Set(longWords(complaint))
  const comments = commentsOf(
    db,
    runs.flatMap(({ traces }) => traces.map(({ platform }) => platform)),
  )
  const readers = new Map<string, ReturnType<typeof contentReader>>()
  const textOf = ({ traces, requestId, tenant = '', user = '' }: Problem): string => {
    const bodies = traces.map(({ platform, traceId }) => {
      const read = readers.get(platform) ?? contentReader(db, platform)
      readers.set(platform, read)
      return JSON.stringify(
        [...read(traceId).values()].flatMap(({ input, output, inputMessages }) => [input, output, inputMessages]),
      )
    })
    const ids = [requestId, ...traces.map(({ traceId }) => traceId)]
    return [
      tenant,
      user,
      ...bodies,
      ...ids.flatMap((id) => (id === undefined ? [] : [id, ...(comments.get(id) ?? [])])),
    ].join(' ')
  }
  const ranked = runs
    .map((run) => ({ run, shared: [...new Set(longWords(textOf(run)))].filter((word) => said.has(word)).length }))
    .filter(({ shared }) => shared >= 2)
    .sort((a, b) => b.shared - a.shared)
  const [best, next] = ranked
  if (best === undefined)
    throw new PilotError('--complaint: no run shares two words with it.', {
      hint: 'Name the run: --id ID --complaint TEXT.',
    })
  if (next === undefined || next.shared < best.shared) return best.run
  const equal = ranked.filter(({ shared }) => shared === best.shared)
  const shown = equal.slice(0, 5).map(({ run }) => run.requestId ?? run.traces[0]?.traceId)
  throw new PilotError(
    `--complaint: ${equal.length} runs fit it equally well: ${shown.join(', ')}${equal.length > 5 ? ' …' : ''}.`,
    {
      hint: 'Name the run: --id ID --complaint TEXT.',
    },
  )
}

/** What users wrote, by request and by trace. */
function commentsOf(db: Store, platforms: readonly string[]): Map<string, string[]> {
  const comments = new Map<string, string[]>()
  for (const { comment, request, traceId } of ['', ...new Set(platforms)].flatMap((platform) =>
    readFeedback(db, platform),
  ))
    for (const id of [request, traceId])
      if (id !== undefined && comment !== undefined) comments.set(id, [...(comments.get(id) ?? []), comment])
  return comments
}
