import type { BillingLine } from '../billing.js'
import type { Deployment } from '../deployment.js'
import type { AttemptEvent } from '../drill/attempt.js'
import { PilotError } from '../errors.js'
import type { Label } from '../label.js'
import type { LogEntry } from '../log-entry.js'
import type { PromptName } from '../prompt-name.js'
import type { Attributes, Feedback, Json, Request, Score, Span } from '../span.js'
import { type DetectorName, defaultDetectors, detectorNames, detectors } from './detectors/index.js'
import { entries, jsonEdit, remembering } from './edits.js'
import { type Action, type FieldRule, type FieldRules, fieldRules, type Place } from './fields.js'
import { recordEdits } from './records.js'
import { type ActiveDetector, textEdit } from './text-edit.js'

/** One line of `capture.privacy`: exactly one of field, detect and match says where, `do` says what. */
export interface PrivacyRule {
  field?: string
  detect?: readonly DetectorName[]
  /** A regular expression in RE2 syntax. */
  match?: string
  do: Action
}

/** Applied to everything before it is written. Each function returns the same object when nothing had to change. */
export interface Policy {
  applySpan(span: Span): Span
  applyScore(score: Score): Score
  applyFeedback(feedback: Feedback): Feedback
  applyRequest(request: Request): Request
  applyPromptName(prompt: PromptName): PromptName
  applyBilling(line: BillingLine): BillingLine
  applyDeployment(deployment: Deployment): Deployment
  applyAttempt(event: AttemptEvent): AttemptEvent
  applyLabel(label: Label): Label
  /** Of what a person wrote. */
  applyText(text: string): string
  /** Of a value that no record holds: texts and keys inside it. */
  applyJson(value: Json): Json
  applyLogEntry(entry: LogEntry): LogEntry
  /** How many values and hits each rule has redacted, hashed or omitted so far: detector, pattern or field → count. */
  counts(): Record<string, number>
}

/**
 * The policy of these rules; secrets and payment cards are redacted unless a rule says otherwise. `hash` has to be keyed, and
 * gives equal values equal tokens, so that joins survive. Throws `PilotError` for a rule that would break joins, or an
 * expression that is not linear. What a detector or the hash throws later is not caught: then nothing may be written.
 */
export async function createPolicy(rules: readonly PrivacyRule[], hash: (value: string) => string): Promise<Policy> {
  for (const rule of rules)
    if ([rule.field, rule.detect, rule.match].filter((where) => where !== undefined).length !== 1)
      throw new PilotError('A privacy rule needs exactly one of field, detect and match.', {
        hint: 'Write one rule for each.',
      })
  const counts = new Map<string, number>()
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1)
  const fields = fieldRules(
    rules.flatMap(({ field, do: action }) => (field === undefined ? [] : [{ name: field, do: action }])),
  )
  const text = textEdit(await activeDetectors(rules), hash, count)
  const key = remembering(text)
  const json = jsonEdit(key, text)
  const rule = (...names: Parameters<FieldRules['of']>) => {
    const found = fields.of(...names)
    return found?.do === 'store' ? undefined : found
  }
  const act = (by: FieldRule, value: Json) => {
    count(by.name)
    if (by.do === 'omit') return undefined
    return by.do === 'hash' ? hash(typeof value === 'string' ? value : JSON.stringify(value)) : `[redacted:${by.name}]`
  }
  // The span's own user, tenant and session under whatever attribute an application repeats them.
  let own: ReadonlyMap<Json, FieldRule> = new Map()
  const edits = recordEdits({
    text,
    json,
    rule,
    act,
    attributes: attributesEdit('attributes'),
    resource: attributesEdit('resource'),
  })

  return {
    applySpan(span) {
      if (fields.hasAttributes) own = ownValues(span)
      return edits.span(span) ?? span
    },
    applyScore: (score) => edits.score(score) ?? score,
    applyFeedback: (feedback) => edits.feedback(feedback) ?? feedback,
    applyRequest: (request) => edits.request(request) ?? request,
    applyPromptName: (prompt) => edits.promptName(prompt) ?? prompt,
    applyBilling: (line) => edits.billing(line) ?? line,
    applyDeployment: (deployment) => edits.deployment(deployment) ?? deployment,
    applyAttempt: (event) => edits.attempt(event) ?? event,
    applyLabel: (label) => edits.label(label) ?? label,
    applyText: (written) => text(written) ?? '',
    applyJson: (value) => json(value) ?? null,
    applyLogEntry: (entry) => edits.logEntry(entry) ?? entry,
    counts: () => Object.fromEntries(counts),
  }

  function attributesEdit(place: Place): (attributes: Attributes) => Attributes {
    if (!fields.hasAttributes) return (attributes) => entries(attributes, key, json)
    const below = (object: Attributes, path: string): Attributes =>
      entries(object, key, (value, name) => {
        const full = path + name
        const by = fields.ofAttribute(place, full) ?? own.get(value)
        if (by && by.do !== 'store') return act(by, value)
        if (!fields.reachesBelow(full)) return json(value, name)
        if (isObject(value)) return below(value, `${full}.`)
        const parsed = parsedObject(value)
        const edited = parsed && below(parsed, `${full}.`)
        return edited === parsed ? json(value, name) : JSON.stringify(edited)
      })
    return (attributes) => below(attributes, '')
  }

  function ownValues(span: Span): ReadonlyMap<Json, FieldRule> {
    const values = new Map<Json, FieldRule>()
    for (const name of ['user', 'tenant', 'session'] as const) {
      const by = rule(name)
      const value = span[name]
      if (by && value) values.set(value, by)
    }
    return values
  }
}

async function activeDetectors(rules: readonly PrivacyRule[]): Promise<ActiveDetector[]> {
  const wanted = new Map<DetectorName, Action>(defaultDetectors.map((name) => [name, 'redact']))
  for (const rule of rules) for (const name of rule.detect ?? []) wanted.set(name, rule.do)
  const active: ActiveDetector[] = []
  for (const name of detectorNames) {
    const action = wanted.get(name) ?? 'store'
    if (action !== 'store')
      active.push({ name, mark: `[redacted:${name}]`, detector: await detectors[name](), do: action })
  }
  for (const { match, do: action } of rules) {
    if (match === undefined) continue
    const { linearPattern } = await import('./linear-pattern.js')
    const detector = linearPattern(match)
    if (action !== 'store') active.push({ name: `match ${match}`, mark: '[redacted:match]', detector, do: action })
  }
  return active
}

const isObject = (value: Json): value is Attributes =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The object that a string holds as JSON, as several conventions write metadata. */
function parsedObject(value: Json): Attributes | undefined {
  if (typeof value !== 'string' || !value.startsWith('{')) return undefined
  try {
    const parsed: Json = JSON.parse(value)
    return isObject(parsed) ? parsed : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined // text that only looks like JSON
    throw error
  }
}
