/** An element of a parsed document. */
export interface Element {
  name: string
  attributes: Record<string, string>
  children: Element[]
}

const allowed = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Parses XML 1.0 of elements and attributes, and throws at whatever the standard forbids there. */
export function parseXml(text: string): Element {
  if (!allowed.test(text)) throw new Error('a character that XML 1.0 forbids')
  const body = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '')
  const root: Element = { name: '', attributes: {}, children: [] }
  const open = [root]
  const token = /<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>|([^<]+)/y
  while (token.lastIndex < body.length) {
    const at = token.lastIndex
    const [, end, name, attributes = '', empty, between] = token.exec(body) ?? []
    if (between?.trim() === '') continue
    if (name === undefined) throw new Error(`not well-formed at ${at}: ${body.slice(at, at + 80)}`)
    if (end === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes another element`)
      continue
    }
    const element: Element = { name, attributes: {}, children: [] }
    for (const [, key, value] of attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)) {
      if (key! in element.attributes) throw new Error(`${key} stands twice`)
      element.attributes[key!] = unescaped(value!)
    }
    open.at(-1)!.children.push(element)
    if (empty !== '/') open.push(element)
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error('not one root, or one that is not closed')
  return root.children[0]!
}

function unescaped(value: string): string {
  return value.replaceAll(/&([^;]*);?/g, (whole, name: string) => {
    const char = entities[name]
    if (char === undefined || !whole.endsWith(';')) throw new Error(`no entity: ${whole}`)
    return char
  })
}
