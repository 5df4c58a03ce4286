import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeAtomically } from '../config/atomic-write.js'
import { editorSchema } from '../config/editor-schema.js'
import { parseYaml } from '../config/load.js'
import { type Draft, renderConfig } from '../config/render.js'
import { Config } from '../config/schema.js'
import { templates } from '../config/templates/index.js'
import { exitCodes, PilotError } from '../core/errors.js'
import { type Proposal, proposeWorkflow } from '../core/propose.js'
import type { Span } from '../core/span.js'
import { formatTarget } from '../core/target.js'
import { criteria } from '../criteria/index.js'
import type { InitWorld } from './init-questions.js'

export interface InitOptions {
  /** Ask nothing. */
  yes?: boolean
  template?: string
  platform?: string
  /** Replace an existing pilot.yaml. */
  force?: boolean
  /** A real export to propose match, keys and map from, with the name to show for it. */
  from?: { label: string; spans: AsyncIterable<Span> }
}

export interface InitResult {
  /** Names of the files written, relative to `cwd`. */
  written: string[]
  template: string
  /** What a real export said of the workflow; undefined without one. */
  observed: Draft['observed']
}

/** Writes pilot.yaml, the editor's schema and .gitignore into `cwd`. Throws `PilotError` rather than overwrite or guess. */
export async function runInit(options: InitOptions, world: InitWorld): Promise<InitResult> {
  const path = join(world.cwd, 'pilot.yaml')
  if (existsSync(path) && !options.force) {
    throw new PilotError('pilot.yaml exists already.', { hint: 'pilot init --force replaces it.' })
  }
  if (!options.yes && !world.stdin.isTTY) {
    throw new PilotError('Standard input is no terminal, so nothing can be asked.', {
      hint: `pilot init --yes --template <${templates.map(({ name }) => name).join('|')}>`,
    })
  }
  const proposed = draftOf(options, await observe(options.from), world)
  const draft = options.yes
    ? proposed
    : await (await import('./init-questions.js')).askDraft(proposed, world, options.template !== undefined)
  const text = renderConfig(draft)
  // What init writes must load; an impossible --platform is found here.
  parseYaml(text, Config, { label: 'pilot.yaml', hint: 'Nothing was written.' })
  writeAtomically(path, text)
  writeEditorSchema(world.cwd)
  const ignored = ignoreStore(world.cwd)
  return {
    written: ['pilot.yaml', '.pilot/schema.json', ...(ignored ? ['.gitignore'] : [])],
    template: draft.template.name,
    observed: draft.observed,
  }
}

/** Criteria of a new pilot: those that the method asks of every pilot, and all that are musts by default. */
const usualCriteria: ReadonlySet<string> = new Set([
  'trace-coverage',
  'debug-time',
  'prompt-version-mapped',
  'cost-per-run',
  'cost-by-model',
  'cost-by-tenant',
  'slow-steps-visible',
  'evals-connected',
  'overhead',
])

const dayMs = 86_400_000
/** Four weeks, the last day included. */
const windowMs = 27 * dayMs

function draftOf(options: InitOptions, observed: Draft['observed'], { env, nowMs }: InitWorld): Draft {
  const template =
    options.template === undefined ? templates[0] : templates.find(({ name }) => name === options.template)
  if (template === undefined) {
    throw new PilotError('No template has this name.', {
      hint: `Templates: ${templates.map(({ name }) => name).join(', ')}.`,
    })
  }
  // A pilot whose data are there already began with them.
  const startMs = observed?.proposal.startMs ?? nowMs()
  const endMs = Math.max(startMs + windowMs, observed?.proposal.endMs ?? startMs)
  return {
    template,
    owner: env.USER || env.USERNAME || 'the team',
    platform: options.platform ?? 'promptlayer',
    start: dayOf(startMs),
    end: dayOf(endMs),
    criteria: criteria
      .filter(({ id, mustByDefault }) => mustByDefault || usualCriteria.has(id))
      .map(({ id, defaultTarget, unit, mustByDefault }) => ({
        id,
        target: formatTarget(defaultTarget, unit),
        must: mustByDefault,
      })),
    observed,
  }
}

/** Enough to see a workflow in, and little enough to hold. */
const maxSpans = 20_000

async function observe(from: InitOptions['from']): Promise<{ from: string; proposal: Proposal } | undefined> {
  if (from === undefined) return undefined
  const spans: Span[] = []
  for await (const span of from.spans) {
    // Keys and map are read from names and attributes; texts would fill the memory.
    const { attributes, resource } = span.content
    spans.push({ ...span, content: { ...(attributes && { attributes }), ...(resource && { resource }) } })
    if (spans.length === maxSpans) break
  }
  const proposal = proposeWorkflow(spans)
  if (proposal) return { from: from.label, proposal }
  throw new PilotError(`${from.label} holds no trace with a root span, so nothing can be proposed from it.`, {
    hint: 'Try another export, or start from a template.',
    exitCode: exitCodes.io,
  })
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

/** The store's folder is its owner's alone, from its first file on. */
function writeEditorSchema(cwd: string): void {
  const folder = join(cwd, '.pilot')
  if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) chmodSync(folder, 0o700)
  writeAtomically(join(folder, 'schema.json'), editorSchema(), 0o600)
}

/** Keeps .pilot/ out of version control; true if .gitignore had to be written. */
function ignoreStore(cwd: string): boolean {
  const path = join(cwd, '.gitignore')
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  if (/^\/?\.pilot\/?\s*$/m.test(text)) return false
  appendFileSync(path, `${text === '' || text.endsWith('\n') ? '' : '\n'}.pilot/\n`)
  return true
}
