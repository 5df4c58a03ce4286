import type { BillingLine } from '../billing.js'
import type { Deployment } from '../deployment.js'
import type { PromptName } from '../prompt-name.js'
import { type Edit, keep, record } from './edits.js'

/** The edits of what stands beside traces; `needed` is for what a record cannot be without. */
export function sideEdits({ text, needed, user }: { text: Edit<string>; needed: Edit<string>; user: Edit<string> }): {
  promptName: Edit<PromptName>
  billing: Edit<BillingLine>
  deployment: Edit<Deployment>
} {
  return {
    promptName: record<PromptName>({ id: keep, name: needed }),
    billing: record<BillingLine>({
      shape: keep,
      id: keep,
      identity: keep,
      mayRepeat: keep,
      startMs: keep,
      endMs: keep,
      provider: text,
      model: text,
      costUsd: keep,
      calls: keep,
      usage: keep,
    }),
    deployment: record<Deployment>({
      kind: keep,
      name: text,
      version: needed,
      timeMs: keep,
      environment: text,
      action: keep,
      by: user,
      reviewedBy: user,
      evidence: text,
      contentHash: text,
    }),
  }
}
