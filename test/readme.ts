import { readFileSync } from 'node:fs'

export const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** A fenced block: `path` is the file that it stands for (`+path`: lines to add to it), `day` the day on which its commands are run. */
interface Block {
  language: string
  path: string | undefined
  day: string | undefined
  lines: string[]
}

/** The chapters that have commands to run; the commands of one share a folder. */
export const chapters = readme
  .split(/^(?=## )/m)
  .map((text) => ({ title: /^## (.+)/.exec(text)?.[1] ?? 'the first page', blocks: blocksOf(text) }))
  .filter(({ blocks }) => blocks.some(({ language }) => language === 'console'))

function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(([, language, mark, body]) => ({
    language: language!,
    path: language === 'console' ? undefined : mark,
    day: language === 'console' ? mark : undefined,
    lines: body!.trimEnd().split('\n'),
  }))
}

/** A command line as it is shown, with the lines shown below it. `# exit 1` at its end says how it ends. */
export interface Shown {
  command: string
  code: number
  output: string[]
}

/** The commands of a console block. */
export function commandsOf({ lines }: Block): Shown[] {
  const commands: Shown[] = []
  for (const line of lines) {
    const [, command, code] = /^\$ (.+?)(?: # exit (\d+))?$/.exec(line) ?? []
    if (command === undefined) commands.at(-1)?.output.push(line)
    else commands.push({ command, code: Number(code ?? 0), output: [] })
  }
  return commands
}

/** The first shown line that is not what was printed there; `…` stands for any lines. Undefined if all are. */
export function firstUntrue(shown: readonly string[], printed: readonly string[]): string | undefined {
  let next = 0
  let maySkip = false
  for (const line of shown) {
    if (line === '…') {
      maySkip = true
      continue
    }
    const place = maySkip ? printed.indexOf(line, next) : next
    if (place === -1 || printed[place] !== line) return line
    next = place + 1
    maySkip = false
  }
  return maySkip || next === printed.length ? undefined : `(it goes on with: ${printed[next]})`
}

/** The rows of the table with these first columns, without the spaces that align them. */
export function tableOf(...head: readonly string[]): string[] {
  const lines = readme
    .replaceAll(/ +\| ?/g, ' | ')
    .replaceAll(/^\| +/gm, '| ')
    .replaceAll(/ +$/gm, '')
    .split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${head.join(' | ')} |`))
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'))
  return start === -1 ? [] : lines.slice(start + 2, end)
}

/** A row as it stands in a table. */
export function row(...cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`
}

/** The words of a command line by its pipes, as a shell without substitutions reads them. */
export function pipeline(line: string): string[][] {
  const commands: string[][] = [[]]
  for (const [, single, double, bare] of line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)) {
    if (bare === '|') commands.push([])
    else commands.at(-1)?.push((single ?? double ?? bare)!)
  }
  return commands
}
