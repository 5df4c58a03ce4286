import { setTimeout as wait } from 'node:timers/promises'

const graceMs = 1000
const pollMs = 10

/**
 * Ends every process of a group: asks with SIGTERM, and forces those that are there a second later. Nothing happens where
 * none is left.
 */
export async function endGroup(leader: number): Promise<void> {
  if (!signalGroup(leader, 'SIGTERM')) return
  const untilMs = performance.now() + graceMs
  while (performance.now() < untilMs) {
    await wait(pollMs)
    if (!signalGroup(leader, 0)) return
  }
  signalGroup(leader, 'SIGKILL')
}

/** Groups that do not outlive this process. */
export interface Guard {
  add(leader: number): void
  /** When all of them have ended. */
  close(): void
}

/**
 * Kills groups when this process exits or is ended by a signal: being groups of their own, they hear no Ctrl-C. Whoever
 * listens to the signal too decides alone. To be opened before a group is started, so that no signal comes in between.
 * Nothing helps against a SIGKILL of this process.
 */
export function openGuard(): Guard {
  const leaders = new Set<number>()
  if (guards.size === 0) {
    process.on('exit', killGuarded)
    for (const signal of signals) process.on(signal, endWithGuarded)
  }
  guards.add(leaders)
  return {
    add: (leader) => void leaders.add(leader),
    close() {
      guards.delete(leaders)
      if (guards.size === 0) stopListening()
    },
  }
}

const guards = new Set<ReadonlySet<number>>()
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

function killGuarded(): void {
  for (const leaders of guards) for (const leader of leaders) signalGroup(leader, 'SIGKILL')
}

function endWithGuarded(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return
  killGuarded()
  stopListening()
  process.kill(process.pid, signal)
}

function stopListening(): void {
  process.off('exit', killGuarded)
  for (const signal of signals) process.off(signal, endWithGuarded)
}

/** False where no process of the group is left that may be signalled. */
function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-leader, signal)
  } catch {
    return false // ESRCH: none is left; EPERM: none of them is ours
  }
}
