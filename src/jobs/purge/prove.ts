import { createHash } from 'node:crypto'
import { dirname, relative } from 'node:path'
import { createByteSearch } from '../../io/byte-search.js'
import { overlappingPieces } from '../../io/overlapping.js'
import { regularFiles } from '../../io/regular-files.js'
import type { Store } from '../../store/open.js'
import type { PurgeProof } from '../../store/purge/audit.js'
import { eachRecord, eachText } from '../../store/purge/each-text.js'
import type { Pieces } from '../../store/purge/pieces.js'

/** Where something of what was purged still stands. */
export interface Left {
  /** Of the folder of the store. */
  file: string
  /** Table and column; undefined in another file, or where no row accounts for it. */
  place: string | undefined
  what: 'an id or name' | 'text'
  /** How many different ids, or pieces of text, were found there. */
  pieces: number
  /** Some of the traces in which it stands. */
  traces: string[]
}

export interface Proof extends PurgeProof {
  left: Left[]
  /** Pieces of text that runs which stay hold as well, so that they prove nothing. */
  shared: number
  /** Short names that were looked for in rows alone. */
  words: number
  /** True where the database holds bytes that no row accounts for: it was not written anew. */
  isInFreeSpace: boolean
}

/**
 * Searches the files beside the store, byte by byte, for pieces of what was purged. A piece of text that other runs hold too
 * (a prompt, a document) is theirs; an id or a name that stands anywhere is left over.
 */
export function proveGone(db: Store, { ids, texts, words }: Pieces): Proof {
  const folder = dirname(db.name)
  const search = createByteSearch([...ids, ...texts])
  /** Short names have numbers below 0. */
  const isId = (index: number) => index < ids.length
  const files = regularFiles(folder)
  const found = new Map(files.map((path) => [path, findIn(path, search)]))
  const sha256 = found.get(db.name)?.sha256 ?? ''
  const hits = new Set([...found.values()].flatMap(({ pieces }) => [...pieces]))
  const rows = hits.size === 0 && words.length === 0 ? emptyRows() : findInRows(db, { search, hits, ids, words })
  explainByNeighbours(db, { search, hits, rows })
  const shared = new Set([...rows.shared].filter((index) => !isId(index)))
  let isInFreeSpace = false
  const left = files.flatMap((path): Left[] => {
    const pieces = [...(found.get(path)?.pieces ?? [])].filter((index) => !shared.has(index))
    const isStore = isOfStore(path, db.name)
    const unexplained = isStore ? pieces.filter((index) => !rows.explained.has(index)) : pieces
    if (isStore && unexplained.length > 0) isInFreeSpace = true
    return leftIn({ file: relative(folder, path), place: undefined, traces: [] }, unexplained, isId)
  })
  const inRows = [...rows.places].flatMap(([place, { pieces, traces }]) =>
    leftIn(
      { file: relative(folder, db.name), place, traces },
      [...pieces].filter((index) => !shared.has(index)),
      isId,
    ),
  )
  const all = [...inRows, ...left]
  return {
    files: files.length,
    pieces: ids.length + texts.length,
    found: all.reduce((sum, { pieces }) => sum + pieces, 0),
    sha256,
    left: all,
    shared: shared.size,
    words: words.length,
    isInFreeSpace,
  }
}

function leftIn(
  where: Omit<Left, 'what' | 'pieces'>,
  pieces: readonly number[],
  isId: (index: number) => boolean,
): Left[] {
  const named = pieces.filter(isId).length
  const kinds: [Left['what'], number][] = [
    ['an id or name', named],
    ['text', pieces.length - named],
  ]
  return kinds.flatMap(([what, count]) => (count === 0 ? [] : [{ ...where, what, pieces: count }]))
}

const isOfStore = (path: string, database: string) => ['', '-wal', '-shm'].some((end) => path === database + end)

function findIn(path: string, search: ReturnType<typeof createByteSearch>): { pieces: Set<number>; sha256: string } {
  const hash = createHash('sha256')
  const pieces = new Set<number>()
  for (const { piece, fresh } of overlappingPieces(path, search.longest - 1)) {
    hash.update(fresh)
    for (const index of search.find(piece)) pieces.add(index)
  }
  return { pieces, sha256: hash.digest('hex') }
}

interface RowHits {
  /** Pieces that runs which stay hold. */
  shared: Set<number>
  /** Pieces that some row holds. */
  explained: Set<number>
  /** `table.column` → what stands there. */
  places: Map<string, { pieces: Set<number>; traces: string[] }>
}

const emptyRows = (): RowHits => ({ shared: new Set(), explained: new Set(), places: new Map() })

/** Tables of what runs say, and what is made of them; in the others somebody wrote it down. */
const ofRuns: ReadonlySet<string> = new Set([
  'span',
  'span_content',
  'span_version',
  'score',
  'feedback',
  'eval_output',
  'eval_result',
])

const tracesShown = 3

interface Sought {
  search: ReturnType<typeof createByteSearch>
  hits: ReadonlySet<number>
  ids: readonly string[]
  words: readonly string[]
}

function findInRows(db: Store, { search, hits, ids, words }: Sought): RowHits {
  const found = emptyRows()
  for (const { table, column, text, traceId } of eachText(db)) {
    const here = [...search.find(Buffer.from(text))].filter((index) => hits.has(index))
    const named = words.flatMap((word, index) => (standsAlone(text, word) ? [-1 - index] : []))
    if (here.length + named.length === 0) continue
    const place = `${table}.${column}`
    const before = found.places.get(place) ?? { pieces: new Set(named), traces: [] }
    for (const index of named) before.pieces.add(index)
    for (const index of here) {
      found.explained.add(index)
      const id = ids[index]
      if (id !== undefined && !standsAlone(text, id)) continue
      before.pieces.add(index)
      if (ofRuns.has(table)) found.shared.add(index)
    }
    if (before.pieces.size === 0) continue
    if (traceId !== undefined && before.traces.length < tracesShown && !before.traces.includes(traceId))
      before.traces.push(traceId)
    found.places.set(place, before)
  }
  return found
}

/** True where an id is not a part of a longer one, such as `request-1` of `request-12`. */
function standsAlone(text: string, id: string): boolean {
  for (let at = text.indexOf(id); at !== -1; at = text.indexOf(id, at + 1))
    if (!/[\p{L}\p{N}]/u.test(text.charAt(at - 1) + text.charAt(at + id.length))) return true
  return false
}

/** In the file cells have nothing between them: the end of one and the beginning of the next may look like an id. */
function explainByNeighbours(
  db: Store,
  { search, hits, rows }: Omit<Sought, 'ids' | 'words'> & { rows: RowHits },
): void {
  if ([...hits].every((index) => rows.explained.has(index))) return
  for (const record of eachRecord(db)) for (const index of search.find(Buffer.from(record))) rows.explained.add(index)
}
