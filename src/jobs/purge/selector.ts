import { nearest } from '../../config/suggest.js'
import { PilotError } from '../../core/errors.js'
import type { Policy } from '../../core/privacy/policy.js'
import type { Store } from '../../store/open.js'
import type { PurgeSelector } from '../../store/purge/gone.js'
import { namedTraces, namesOf, standsAnywhere } from '../../store/purge/named.js'
import type { PurgedKind, Tombstones } from '../../store/purge/tombstones.js'
import { nearestTraces, shownId } from '../open-trace.js'

/** What was asked for, as typed. */
export type PurgeRequest =
  | { kind: 'trace'; ids: readonly string[] }
  | { kind: 'user' | 'tenant'; values: readonly string[] }
  | { kind: 'older-than'; beforeMs: number }

/** A selector, with the ids and names that a search for leftovers begins with, and what was purged before. */
export interface Resolved {
  selector: PurgeSelector
  /** As typed and as stored. */
  named: [kind: PurgedKind, value: string][]
  /** Ids and names of which nothing is stored, since an earlier purge took it out. */
  purgedBefore: string[]
}

interface Known {
  db: Store
  policy: Policy
  hash(value: string): string
  tombstones: Tombstones | undefined
}

/** What a request names in this store. Throws `PilotError` (exit 2) for a name of which nothing is stored and nothing was purged. */
export function resolveRequest(request: PurgeRequest, known: Known): Resolved {
  if (request.kind === 'older-than') return { selector: request, named: [], purgedBefore: [] }
  const wasPurged = (kind: PurgedKind, value: string) => known.tombstones?.has(kind, value) ?? false
  if (request.kind === 'trace') {
    const found = request.ids.map((id) => ({ id: traceOf(known.db, id, wasPurged), typed: id }))
    const ids = found.map(({ id }) => id)
    return {
      selector: { kind: 'trace', ids },
      named: ids.map((id) => ['trace', id]),
      purgedBefore: ids.filter((id) => wasPurged('trace', id) && !standsAnywhere(known.db, id)),
    }
  }
  const { kind } = request
  const found = request.values.map((value) => ({ value, forms: formsOf(kind, value, known) }))
  const purgedBefore: string[] = []
  for (const { value, forms } of found) {
    const names = namesOf(known.db, kind)
    if (forms.some((form) => names.has(form))) continue
    if (!wasPurged(kind, value)) throw unknownName(kind, value, names)
    purgedBefore.push(value)
  }
  return {
    selector: { kind, values: found.flatMap(({ forms }) => forms) },
    named: found.flatMap(({ forms }) => forms.map((form): [PurgedKind, string] => [kind, form])),
    purgedBefore,
  }
}

function traceOf(db: Store, id: string, wasPurged: (kind: PurgedKind, id: string) => boolean): string {
  const exact = [id, id.toLowerCase()].find((each) => standsAnywhere(db, each))
  if (exact !== undefined) return exact
  const purged = [id, id.toLowerCase()].find((each) => wasPurged('trace', each))
  if (purged !== undefined) return purged
  const [only, ...others] = namedTraces(db, id.toLowerCase())
  if (only !== undefined && others.length === 0) return only
  if (only !== undefined)
    throw new PilotError(`Several traces begin with ${shownId(id)}: ${[only, ...others].join(', ')}.`, {
      hint: 'Type more of the id.',
    })
  throw new PilotError(`No trace begins with ${shownId(id)}.`, { hint: nearestTraces(db, id) })
}

/** The value itself, its hash, and what the privacy rules of today make of it: a mark that stands for anybody is none of them. */
function formsOf(kind: 'user' | 'tenant', value: string, { policy, hash }: Known): string[] {
  const kept = policy.applyRequest({ id: '', timeMs: 0, origin: 'production', [kind]: value })[kind]
  const forms = [value, hash(value), ...(kept === undefined || kept.includes('[redacted') ? [] : [kept])]
  return [...new Set(forms)]
}

function unknownName(kind: 'user' | 'tenant', value: string, names: ReadonlySet<string>): PilotError {
  const near = nearest(value, [...names])
  const isHidden = [...names].some((name) => name.includes('[redacted'))
  return new PilotError(`Nothing is stored of the ${kind} ${shownId(value)}.`, {
    hint:
      near !== undefined
        ? `Did you mean ${near}?`
        : isHidden
          ? `capture.privacy redacts ${kind}s here, so that nobody can be told from another; --trace takes the ids of their runs.`
          : 'pilot traces lists what is stored.',
  })
}
