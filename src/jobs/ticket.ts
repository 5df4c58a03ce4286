import type { LoadedConfig } from '../config/load.js'
import { foldPhrase } from '../core/fold-text.js'
import { createPolicy } from '../core/privacy/policy.js'
import { loadHashIfAny } from '../io/salt.js'
import { workspaceOf } from './workspace.js'

/** What a ticket holds, as the store may hold it: privacy rules have hashed or redacted some of it. */
export interface TicketReader {
  /** The spellings of a user, tenant or session; empty where the privacy rules leave nothing of it to look for. */
  spellings(field: 'user' | 'tenant' | 'session', written: string): string[]
  /** A phrase as it stands and as the rules have left it, folded; empty where they leave nothing of it. */
  phrases(written: string): string[]
}

/** Applies the privacy rules of pilot.yaml to what is looked for, as they were applied to what is stored. */
export async function ticketReader(loaded: LoadedConfig): Promise<TicketReader> {
  const hash = loadHashIfAny(workspaceOf(loaded).saltPath) ?? ((value: string) => value)
  const policy = await createPolicy(loaded.config.capture.privacy ?? [], hash)
  return {
    spellings(field, written) {
      const trimmed = written.trim()
      const variants = [written, trimmed, trimmed.toLowerCase(), trimmed.normalize('NFC')]
      const stored = variants.map((value) => policy.applySpan({ ...emptySpan, [field]: value })[field])
      const known = [...variants, ...stored].filter((value) => value !== undefined)
      return stored.some((value) => value !== undefined && hasOwnWords(value))
        ? [...new Set(known.filter(hasOwnWords))]
        : []
    },
    phrases(written) {
      const left = policy.applyText(written)
      const kept = hasOwnWords(left) ? [written, left] : []
      return [...new Set(kept.map(foldPhrase))].filter((phrase) => phrase !== '')
    },
  }
}

const emptySpan = { traceId: '', spanId: '', name: '', kind: 'other', status: 'unset', content: {} } as const

/** False where nothing but marks is left, which stand in every redacted text alike. */
function hasOwnWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text.replaceAll(/\[(?:redacted:[^\]]*|omitted)\]/g, ''))
}
