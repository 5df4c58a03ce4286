import type { RawSpan } from '../format.js'

/** The requests of the sessions of one file, by their paths. */
export interface Sessions {
  /** Notes a request; the id of its parent, as far as the requests before it tell. */
  add(request: RawSpan, path: string): string | undefined
  /** A piece of each request whose parent is another than was told: no more than its ids and the parent's. */
  parents(): RawSpan[]
}

interface Member {
  spanId: string
  startMs: number
  /** The parent that was told. */
  told: string | undefined
}

/** Longer paths are no longer climbed. */
const maxLevels = 50

/**
 * Helicone tells what happened inside of what by paths: `/plan/search` belongs to the request `/plan`. Where several requests
 * have that path, it is the last that began before.
 */
export function createSessions(): Sessions {
  const sessions = new Map<string, Map<string, Member[]>>()
  return {
    add({ traceId, spanId, startMs = 0 }, path) {
      const paths = sessions.get(traceId) ?? new Map<string, Member[]>()
      sessions.set(traceId, paths)
      const above = membersAbove(paths, path)
      const told = above && lastBefore(above, startMs).spanId
      const members = paths.get(path)
      if (members === undefined) paths.set(path, [{ spanId, startMs, told }])
      else members.push({ spanId, startMs, told })
      return told
    },
    parents() {
      const pieces: RawSpan[] = []
      for (const [traceId, paths] of sessions) {
        for (const members of paths.values()) members.sort((a, b) => a.startMs - b.startMs)
        for (const [path, members] of paths) {
          const above = membersAbove(paths, path)
          if (above === undefined) continue
          for (const { spanId, startMs, told } of members) {
            const parentId = lastBefore(above, startMs).spanId
            if (parentId !== told) pieces.push(pieceOf({ traceId, spanId }, parentId))
          }
        }
      }
      return pieces
    },
  }
}

/** The requests at the nearest path above that has any. */
function membersAbove(paths: Map<string, Member[]>, path: string): Member[] | undefined {
  let above = path
  for (let level = 0; level < maxLevels; level++) {
    const cut = above.lastIndexOf('/')
    if (cut <= 0) return undefined
    above = above.slice(0, cut)
    const members = paths.get(above)
    if (members !== undefined) return members
  }
  return undefined
}

/** The last that began before, in a list in order of start; the first where none did. */
function lastBefore(members: Member[], startMs: number): Member {
  let low = 0
  let high = members.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (members[middle]!.startMs <= startMs) low = middle + 1
    else high = middle
  }
  return members[Math.max(0, low - 1)]!
}

function pieceOf(ids: { traceId: string; spanId: string }, parentId: string): RawSpan {
  return { ...ids, parentId, name: '', status: 'unset', attributes: {}, events: [], links: [], resource: {} }
}
