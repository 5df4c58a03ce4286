import { type Hit, noHits } from './detector.js'
import { decodeText } from './encoded.js'

/** Necessary for a password or `Basic` credentials, and quick. */
const giveaway = /ass[wp]|pwd|asic [a-z0-9]/i

// name, closing quotes, operator, opening quotes, value
const password =
  /(?:pass(?:word|wd|phrase)|pwd)[\w.-]{0,24}[\\"'`)\]]{0,4}\s{0,3}(?::=|=>|[:=>]|\sis\s)\s{0,3}[\\"'`]{0,4}([^\s"'`,;<>\\{}()[\]|&]{6,64})/gi
const basic = /\bbasic ([a-z0-9+/]{8,512}={0,2})/gi
const curlUser = /\bcurl\b[^\n]{0,300}?\s(?:-u|--user)[ =]?\\?["']?([^\s:"'\\]{1,60}:[^\s"'\\]{3,80})/g
const urlPassword = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"'<>\\]{0,80}:([^\s@/"'<>\\]{3,200})(?=@)/gi
const placeholder = /^(?:[$%{<*:./~]|x+$|pass(?:word|wd)?$|pwd$|secret$|your|env\b|process\.|https?:)/i

/** Passwords, `Basic` credentials and the password of a URL: told by what stands before them, not by how they look. */
export function shortSecrets(text: string): readonly Hit[] {
  const isNamed = giveaway.test(text)
  const isWeb = text.includes('://')
  if (!isNamed && !isWeb) return noHits
  return [
    ...(isNamed ? [...groups(text, password, isPassword), ...groups(text, basic, isUserAndPassword)] : noHits),
    ...(isWeb && text.includes('@') ? groups(text, urlPassword, isNoPlaceholder) : noHits),
    ...(isWeb && text.includes('curl') ? groups(text, curlUser, isUserWithPassword) : noHits),
  ]
}

const isPassword = (value: string) => isNoPlaceholder(value) && /[0-9!@#$%^&*?~+]/.test(value)
const isUserWithPassword = (value: string) => isNoPlaceholder(value.slice(value.indexOf(':') + 1))
const isUserAndPassword = (value: string) =>
  decodeText(value, 0, value.replace(/=+$/, '').length)?.includes(':') === true
const isNoPlaceholder = (value: string) => !placeholder.test(value)

/** The first group of each match that passes the test; the group ends its match. */
function groups(text: string, expression: RegExp, isHit: (value: string) => boolean): Hit[] {
  return Array.from(text.matchAll(expression), (match) => ({ match, value: match[1] ?? '' }))
    .filter(({ value }) => isHit(value))
    .map(({ match, value }) => {
      const end = match.index + match[0].length
      return { start: end - value.length, end }
    })
}
