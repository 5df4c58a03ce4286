const values = new Int8Array(128).fill(-1)
for (const [i, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  values[character.charCodeAt(0)] = i
values['-'.charCodeAt(0)] = 62
values['_'.charCodeAt(0)] = 63

/** The text that this part holds in base64 (either alphabet, without its padding); undefined at the first byte that is not printable ASCII. */
export function decodeText(text: string, start: number, end: number): string | undefined {
  let decoded = ''
  let bits = 0
  let count = 0
  for (let i = start; i < end; i++) {
    const value = values[text.charCodeAt(i)] ?? -1
    if (value === -1) return undefined
    bits = ((bits << 6) | value) & 0xfff
    count += 6
    if (count < 8) continue
    count -= 8
    const byte = (bits >> count) & 0xff
    if (byte > 126 || (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13)) return undefined
    decoded += String.fromCharCode(byte)
  }
  return decoded
}
