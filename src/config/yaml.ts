import { type Document, Lexer, LineCounter, Parser, parseDocument, visit } from 'yaml'

/** Something wrong at one place of a file; line and column count from 1. */
export interface Fault {
  line: number
  column: number
  message: string
}

/** A YAML document that is well-formed and small, or why it was refused. */
export type YamlReading = { document: Document; value: unknown; place: Place } | { faults: Fault[] }

/** Offset in the text → line and column. */
type Place = (offset: number) => { line: number; column: number }

const maxBytes = 1024 * 1024
const maxDepth = 100
// yaml compares every key of a mapping with every other one, so that 100,000 keys would take minutes; one line is about 8 tokens.
const maxTokens = 30_000
// Aliases multiply: n of them make a text at most 3^(n/3) times as large.
const maxAliases = 10

/** Reads untrusted YAML 1.2 (core schema) in bounded time. Messages never quote the text. */
export function readYaml(text: string): YamlReading {
  const excess = findExcess(text)
  if (excess) return { faults: [excess] }

  const lineCounter = new LineCounter()
  const place = placeIn(lineCounter)
  const options = { lineCounter, prettyErrors: false, schema: 'core', uniqueKeys: true, stringKeys: true } as const
  const document = parseDocument(text, options)
  // Warnings are unknown tags and directives: what nobody reads must not look as if it counted.
  const [broken] = [...document.errors, ...document.warnings]
  // One syntax error makes others out of thin air: only the first is shown.
  if (broken) return { faults: [{ ...place(broken.pos[0]), message: syntaxMessage(broken) }] }
  const faults = aliasFaults(document, place)
  // Aliases are counted here, so that the library's own cap, which is a guess, is off.
  return faults.length > 0 ? { faults } : { document, value: document.toJS({ maxAliasCount: -1 }), place }
}

/** Too long, too deep or too many, found before anything recurses into the text. */
function findExcess(text: string): Fault | undefined {
  if (text.length > maxBytes) return { line: 1, column: 1, message: 'larger than 1 MiB' }
  const lineCounter = new LineCounter()
  lineCounter.addNewLine(0)
  const parser = new Parser(lineCounter.addNewLine)
  const fault = (message: string) => ({ ...placeIn(lineCounter)(parser.offset), message })
  let tokens = 0
  for (const lexeme of new Lexer().lex(text)) {
    // The parser goes on when its tokens are taken; its stack holds one entry per level of nesting, and two for the document.
    Array.from(parser.next(lexeme))
    tokens += 1
    if (parser.stack.length > maxDepth + 2) return fault(`nested deeper than ${maxDepth} levels`)
    if (tokens > maxTokens) return fault('holds more than a pilot needs: split off what is not configuration')
  }
  return undefined
}

function aliasFaults(document: Document, place: Place): Fault[] {
  const faults: Fault[] = []
  let aliases = 0
  visit(document, {
    Alias(_, node) {
      aliases += 1
      const message =
        aliases > maxAliases
          ? `more than ${maxAliases} aliases`
          : node.resolve(document)
            ? undefined
            : 'alias of an anchor that is not above it'
      if (message === undefined) return undefined
      faults.push({ ...place(node.range?.[0] ?? 0), message })
      return visit.BREAK
    },
  })
  return faults
}

function placeIn(lineCounter: LineCounter): Place {
  return (offset) => {
    const { line, col } = lineCounter.linePos(offset)
    return { line, column: col }
  }
}

const unquoted = 'a value that begins with >, |, %, @ or ` needs quotes, such as ">= 95 %"'

const syntaxMessages: Partial<Record<string, string>> = {
  BAD_ALIAS: 'alias without a name',
  BAD_COLLECTION_TYPE: 'a tag that does not fit its value',
  BAD_DIRECTIVE: 'a directive that is not of YAML 1.2',
  BAD_DQ_ESCAPE: 'an escape that YAML does not know; use single quotes to write \\ as it is',
  BAD_INDENT: 'indented wrongly, or a bracket is not closed',
  BAD_SCALAR_START: unquoted,
  BLOCK_AS_IMPLICIT_KEY: 'two keys in one line; a value with ": " in it needs quotes',
  DUPLICATE_KEY: 'this key stands here twice',
  MISSING_CHAR: 'a closing quote or bracket, a comma or a colon is missing',
  MULTILINE_IMPLICIT_KEY: 'a key without its colon, or text that goes on in the next line',
  MULTIPLE_DOCS: 'a second document; one file is one document',
  NON_STRING_KEY: 'a key that is not text',
  TAB_AS_INDENT: 'a tab as indentation; use spaces',
  TAG_RESOLVE_FAILED: 'a tag that pilot does not know; leave it out',
}

function syntaxMessage({ code, message }: { code: string; message: string }): string {
  if (code === 'UNEXPECTED_TOKEN' && message.startsWith('Block scalar')) return unquoted
  return syntaxMessages[code] ?? 'not YAML from here on'
}
