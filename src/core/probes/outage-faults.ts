/** One way in which the platform's endpoint fails. */
export interface Fault {
  name: string
  /** What the endpoint does, as reports say it. */
  what: string
  /** Whether what it is sent can come to it at all; `part` for one that is out for a while. */
  reach: 'all' | 'part' | 'none'
  /** Whether it keeps what comes, however it answers. */
  keeps: boolean
}

const answers = (status: number, what: string): Fault => ({
  name: String(status),
  what: `answers ${status} ${what}`,
  reach: 'all',
  keeps: false,
})

/** The outage matrix, in the order in which it is walked. */
const faults: readonly Fault[] = [
  { name: 'refused', what: 'nothing listens', reach: 'none', keeps: false },
  { name: 'hang', what: 'takes the request and never answers', reach: 'all', keeps: false },
  { name: 'slow', what: 'answers after 2 s', reach: 'all', keeps: true },
  { name: 'reset', what: 'resets the connection in the middle of the request', reach: 'none', keeps: false },
  answers(401, 'Unauthorized'),
  answers(408, 'Request Timeout'),
  answers(413, 'Payload Too Large'),
  answers(429, 'with Retry-After: 30'),
  answers(500, 'Internal Server Error'),
  answers(503, 'Service Unavailable'),
  { name: 'garbage', what: 'answers 200 with 600 KB of HTML', reach: 'all', keeps: false },
  { name: 'half', what: 'keeps what it is sent, and breaks off the answer', reach: 'all', keeps: true },
  { name: 'drip', what: 'keeps what it is sent, and answers one byte a second', reach: 'all', keeps: true },
  { name: 'tls', what: 'fails the TLS handshake', reach: 'none', keeps: false },
  { name: 'dns', what: 'has a name that does not exist', reach: 'none', keeps: false },
  { name: 'dies', what: 'dies in the middle of the run', reach: 'part', keeps: true },
  { name: 'recovery', what: 'answers 503 for a while, then works again', reach: 'part', keeps: true },
]

/** The names of all faults, as pilot.yaml and `--fault` take them. */
export const faultNames: readonly string[] = faults.map(({ name }) => name)

/** The fault of a name that `faultNames` has. Throws for another. */
export function faultOf(name: string): Fault {
  const fault = faults.find((each) => each.name === name)
  if (fault === undefined) throw new RangeError(`There is no fault ${name}.`)
  return fault
}
