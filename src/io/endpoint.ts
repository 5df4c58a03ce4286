import { BlockList, isIP } from 'node:net'
import { PilotError } from '../core/errors.js'

const hint =
  'Write it like https://api.example.com/v1 or http://localhost:8080/v1, with the key in an environment variable.'

/**
 * The base address of a chat endpoint. Throws `PilotError` where it is no http or https address, holds a password, or leads
 * to a link-local address or to the service by which a cloud gives its machines their credentials.
 */
export function readEndpoint(text: string): URL {
  if (!URL.canParse(text)) throw new PilotError('The endpoint is no address.', { hint })
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new PilotError(`The endpoint begins with ${url.protocol}, not with http:// or https://.`, { hint })
  if (url.username !== '' || url.password !== '')
    throw new PilotError('The endpoint holds a user name or a password.', { hint })
  if (isForbidden(hostOf(url)))
    throw new PilotError(
      `The endpoint leads to ${hostOf(url)}, which serves machines their credentials, not answers.`,
      {
        hint,
      },
    )
  url.hash = ''
  return url
}

/** True where the address is this machine's own, so that what is sent never leaves it. */
export function isLoopback(url: URL): boolean {
  const host = hostOf(url)
  return host === 'localhost' || contains(loopback, host)
}

/** True where a key may be sent: over TLS, or inside this machine. */
export function isSafeForKey(url: URL): boolean {
  return url.protocol === 'https:' || isLoopback(url)
}

/** Without brackets and final dot. Decimal, octal, hexadecimal and short spellings of IPv4 are no more, thanks to `URL`. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
}

const metadataHosts = ['metadata', 'metadata.google.internal', 'metadata.goog', 'instance-data.ec2.internal']

/** IPv4 ranges as prefixes; all of them count inside IPv6 too, see `blockList`. */
const linkLocal = { address: '169.254.0.0', prefix: 16 }
const alibabaMetadata = { address: '100.100.100.200', prefix: 32 }
const oracleMetadata = { address: '192.0.0.192', prefix: 32 }
const azureWireServer = { address: '168.63.129.16', prefix: 32 }

const forbidden = blockList([linkLocal, alibabaMetadata, oracleMetadata, azureWireServer])
forbidden.addSubnet('fe80::', 10, 'ipv6')
forbidden.addAddress('fd00:ec2::254', 'ipv6')
forbidden.addAddress('fd20:ce::254', 'ipv6') // Google's

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addSubnet('::ffff:127.0.0.0', 104, 'ipv6')
loopback.addAddress('::1', 'ipv6')

/** IPv4 ranges, also as IPv6 maps, holds (RFC 4291, 2.5.5), translates (RFC 6052, 2.1) and tunnels (RFC 3056, 2) them. */
function blockList(ranges: readonly { address: string; prefix: number }[]): BlockList {
  const list = new BlockList()
  for (const { address, prefix } of ranges) {
    list.addSubnet(address, prefix, 'ipv4')
    for (const before of ['::ffff:', '::', '64:ff9b::']) list.addSubnet(`${before}${address}`, 96 + prefix, 'ipv6')
    const [a, b, c, d] = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'))
    list.addSubnet(`2002:${a}${b}:${c}${d}::`, 16 + prefix, 'ipv6')
  }
  return list
}

function isForbidden(host: string): boolean {
  return metadataHosts.includes(host) || contains(forbidden, host)
}

function contains(list: BlockList, host: string): boolean {
  const version = isIP(host)
  return version !== 0 && list.check(host, version === 4 ? 'ipv4' : 'ipv6')
}
