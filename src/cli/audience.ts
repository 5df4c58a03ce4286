import { type Command, Option } from 'commander'
import { type Audience, audiences } from '../core/audience/audiences.js'
import { exitCodes, PilotError } from '../core/errors.js'
import type { Context } from './context.js'

/** Commands that print evidence, by path, and for whom beside engineering; product has a form of each. */
const forms: Readonly<Record<string, readonly Audience[]>> = {
  status: ['product'],
  data: ['product'],
  traces: ['product', 'support'],
  trace: ['product', 'support'],
  ask: ['product'],
  map: ['product'],
  coverage: ['product'],
  capture: ['product'],
  cost: ['product'],
  latency: ['product'],
  releases: ['product'],
  'eval list': ['product'],
  'eval show': ['product'],
  'eval compare': ['product'],
  'label report': ['product'],
  'judge list': ['product'],
  'prompts list': ['product'],
  'prompts diff': ['product'],
  'prompts blame': ['product'],
  'prompts tests': ['product'],
  'drill report': ['product'],
  scorecard: ['product', 'security'],
  review: ['product', 'security'],
}

/** Commands that cannot but show texts, ids or names, and the one that has what product may see of the same. */
const refusals: Readonly<Record<string, string>> = {
  check: 'status',
  'dataset from-traces': 'traces',
  'dataset check': 'eval list',
  'eval run': 'eval show',
  'label start': 'label report',
  'label form': 'label report',
  'label adjudicate': 'label report',
  'judge validate': 'judge list',
  'prompts promote': 'prompts tests',
  'drill new': 'drill report',
  'drill key': 'drill report',
  'drill start': 'drill report',
  export: 'scorecard',
  scan: 'scorecard',
  purge: 'data',
  'log list': 'scorecard',
  'log security': 'scorecard',
  'log access': 'scorecard',
}

/** The command that has what product may see of the same; undefined for a command that shows nothing of it. */
function refusalOf(path: string): string | undefined {
  return refusals[path] ?? (path.startsWith('probe ') ? 'scorecard' : undefined)
}

/** Which command has what an audience may see, where another was asked for it. */
const instead: Readonly<Record<Exclude<Audience, 'engineering'>, string>> = {
  product: 'scorecard',
  support: 'traces',
  security: 'scorecard',
}

const saidOfEach: Readonly<Record<Audience, string>> = {
  engineering: 'engineering sees all',
  product: 'product numbers and declared names alone',
  support: 'support question, answer and feedback',
  security: 'security what is kept safe',
}

/** Puts `--audience` on every command that prints evidence; on those that have no safe form it refuses. */
export function addAudiences(program: Command): void {
  for (const command of leavesOf(program)) {
    const path = pathOf(command)
    const has = forms[path]
    if (has === undefined && refusalOf(path) === undefined) continue
    const option = new Option('--audience <who>', `for whom: ${(has ?? []).map((who) => saidOfEach[who]).join(', ')}`)
    if (has === undefined) option.hideHelp()
    command.addOption(option.choices(audiences).default('engineering'))
  }
}

/** Throws `PilotError` where the command has no form for the audience, with the command that has one. */
export function requireForm(command: Command, audience: Audience): void {
  const path = pathOf(command)
  if (audience === 'engineering' || forms[path]?.includes(audience)) return
  const other = (audience === 'product' ? refusalOf(path) : undefined) ?? instead[audience]
  throw new PilotError(`pilot ${path} has no form for ${audience}.`, {
    hint: `pilot ${other} --audience ${audience} has what ${audience} may see.`,
  })
}

/** The commands that do something, groups left out. */
export function leavesOf(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf)
}

/** `prompts diff`, as it is typed after `pilot`. */
export function pathOf(command: Command): string {
  const above = command.parent
  return above?.parent ? `${pathOf(above)} ${command.name()}` : command.name()
}

/**
 * Runs a command. For product an error about what is stored, or about a file, loses its words, since they quote it; what is wrong
 * with the command line or with pilot.yaml is said as it is.
 */
export async function withoutQuotes<T>(
  context: Context,
  { file }: { file?: string },
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (context.audience !== 'product') throw error
    if (error instanceof PilotError) throw isAboutData(error, context.hasLoaded() || file !== undefined) ? bare : error
    throw error instanceof Error && error.name !== 'SqliteError' ? withoutMessage(error) : error
  }
}

/** Of the other exit codes none quotes a record. */
function isAboutData({ exitCode }: PilotError, hasRead: boolean): boolean {
  return hasRead && exitCode === exitCodes.usage
}

const bare = new PilotError('There is no such thing here, or it cannot be read; why is not for product to see.', {
  hint: 'Engineering sees why, by the same command without --audience product.',
})

/** A bug in our code by its place alone. */
function withoutMessage({ stack = '', name }: Error): Error {
  const places = stack.split('\n').filter((line) => /^ {4}at /.test(line))
  return Object.assign(new Error(name), { stack: [name, ...places].join('\n') })
}
