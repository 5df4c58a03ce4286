const mostCharacters = 200
const mostRead = 16_000

/**
 * What a server said, for a failure: the `message` of its JSON where it has one, in one line of visible characters, cut, and
 * without the key, which it may send back. '' where nothing is left.
 */
export function quoteStranger(text: string, key: string | undefined): string {
  // A web page explains nothing.
  if (text.trimStart().startsWith('<')) return ''
  const message = /"message"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(text.slice(0, mostRead))?.[1]
  const said = message === undefined ? text.slice(0, mostRead) : unquote(message)
  const safe = (key ? said.replaceAll(key, '[key]') : said).replace(/\bbearer\s+\S+/gi, '[key]')
  const line = [...safe.replace(/[\p{C}\s]+/gu, ' ').trim()]
  return line.length > mostCharacters ? `${line.slice(0, mostCharacters).join('')} …` : line.join('')
}

function unquote(json: string): string {
  try {
    return String(JSON.parse(json))
  } catch {
    return json // a control character or a broken escape in it
  }
}
