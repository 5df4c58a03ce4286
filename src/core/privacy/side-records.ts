import type { BillingLine } from '../billing.js'
import type { Deployment } from '../deployment.js'
import type { AttemptEvent } from '../drill/attempt.js'
import type { Label } from '../label.js'
import type { AccessWork, LogEntry, SecurityWork } from '../log-entry.js'
import type { PromptName } from '../prompt-name.js'
import { type Edit, keep, list, record } from './edits.js'

interface Given {
  text: Edit<string>
  /** For what a record cannot be without. */
  needed: Edit<string>
  user: Edit<string>
  /** For who took part in the pilot: what is no alias becomes one by its hash. */
  alias: Edit<string>
}

/** The edits of what stands beside traces. */
export function sideEdits({ text, needed, user, alias }: Given): {
  promptName: Edit<PromptName>
  billing: Edit<BillingLine>
  deployment: Edit<Deployment>
  attempt: Edit<AttemptEvent>
  label: Edit<Label>
  logEntry: Edit<LogEntry>
} {
  /** Texts of a security answer; its keys are those of a catalogue. */
  const answered = (work: SecurityWork | AccessWork): SecurityWork | AccessWork => {
    const evidence = work.evidence === undefined ? undefined : text(work.evidence)
    const { evidence: _, ...rest } = work
    const told = { ...rest, ...(evidence !== undefined && { evidence }) }
    const edited =
      told.kind === 'security'
        ? { ...told, answer: needed(told.answer) ?? told.answer }
        : { ...told, role: needed(told.role) ?? told.role }
    return JSON.stringify(edited) === JSON.stringify(work) ? work : edited
  }
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
    attempt: record<AttemptEvent>({
      attempt: keep,
      seq: keep,
      event: keep,
      drill: keep,
      incident: keep,
      arm: keep,
      engineer: alias,
      atMs: keep,
      elapsedMs: keep,
      question: keep,
      answer: list(needed),
      tools: keep,
      outcome: keep,
      isDiagnosed: keep,
      timeboxMs: keep,
      answers: (answers) =>
        Object.fromEntries(Object.entries(answers).map(([id, answer]) => [id, list(needed)(answer) ?? []])),
    }),
    label: record<Label>({ item: keep, name: keep, value: needed, by: alias, timeMs: keep, note: text }),
    logEntry: record<LogEntry>({
      id: keep,
      platform: keep,
      timeMs: keep,
      engineer: alias,
      note: text,
      work: (value) => {
        if (value.kind === 'security' || value.kind === 'access') return answered(value)
        if (!('git' in value) || value.git.path === undefined) return value
        const path = needed(value.git.path) ?? value.git.path
        return path === value.git.path ? value : { ...value, git: { ...value.git, path } }
      },
    }),
  }
}
