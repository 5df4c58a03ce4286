import { describe, expect, it } from 'vitest'
import type { AnsweredRequest, OutageLimits, Received, WorkloadRun } from '../src/core/probes/outage.js'
import { controlOf, samplingOf } from '../src/core/probes/outage-control.js'
import { faultNames, faultOf } from '../src/core/probes/outage-faults.js'
import { isAsWanted, requestsAsWanted, unwantedRequests } from '../src/core/probes/outage-summary.js'
import { isWorthRepeating, judgeFault } from '../src/core/probes/outage-verdict.js'
import { requestOfLine } from '../src/core/probes/request-line.js'
import { recordsOfJson, recordsOfProtobuf } from '../src/core/probes/sent-records.js'
import { signsOfTrouble } from '../src/core/probes/trouble.js'

const nothingCame: Received = {
  ...{
    posts: 0,
    bytes: 0,
    traces: 0,
    records: 0,
    twice: 0,
    refusedTraces: 0,
    refusedRecords: 0,
    recovered: 0,
    unread: 0,
  },
}

/** `count` requests of 10 ms. */
const answered = (count: number, more: (number: number) => Partial<AnsweredRequest> = () => ({})): AnsweredRequest[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ number: index + 1, ms: 10, ok: true, answer: `answer ${index + 1}` },
    ...more(index + 1),
  }))

function runOf({
  received,
  ...more
}: Partial<Omit<WorkloadRun, 'received'>> & { received?: Partial<Received> }): WorkloadRun {
  return {
    ...{ requests: answered(20), exitCode: 0, isKilled: false, exitDelayMs: 100, totalMs: 500, printed: 'x' },
    ...{ peakBytes: 50e6, grewBytes: 0, errorLines: 0, uncaught: undefined, lastError: '', saidDropped: 0 },
    ...more,
    received: { ...nothingCame, ...received },
  }
}

/** The endpoint had a trace of two records of each request. */
const kept = (requests: number) => ({ posts: 1, traces: requests, records: 2 * requests })
const limits: OutageLimits = {
  ...{ expect: 'open', exitBudgetMs: 2000, latencyBudget: { ms: 10, share: 0.1 }, memoryBudgetBytes: 64e6 },
}

function judge(fault: string, run: WorkloadRun, usual: WorkloadRun = runOf({ received: kept(20) })) {
  const found = controlOf('lines', usual, usual)
  if (typeof found === 'string') throw new Error(found)
  return judgeFault(fault, run, { ...found, limits })
}

describe('the requests of a run under a fault', () => {
  it('are fail-open where each is answered, with the same answer, in time', () => {
    const { requests, added } = judge('503', runOf({}))
    expect(requests).toEqual({
      ...{ verdict: 'fail-open', n: 20, answered: 20, failed: 0, changed: 0, late: 0, usuallyLate: 0, causes: [] },
    })
    expect(added.percentiles.map(({ value }) => value)).toEqual([0, 0, 0])
  })

  it('are fail-closed where one is missing, and why depends on how the application ended', () => {
    const requests = answered(19)
    const causes = (more: Partial<Omit<WorkloadRun, 'received'>>) =>
      judge('503', runOf({ requests, ...more })).requests.causes
    expect(causes({})).toEqual(['ended early'])
    expect(causes({ exitCode: 1, uncaught: 'Error: x' })).toEqual(['crashed'])
    expect(causes({ exitCode: undefined, isKilled: true })).toEqual(['stuck'])
  })

  it('are fail-closed where one failed or answered otherwise', () => {
    const failed = answered(20, (number) => ({ ok: number !== 3 }))
    expect(judge('503', runOf({ requests: failed })).requests).toMatchObject({ failed: 1, causes: ['failed'] })
    const other = answered(20, (number) => (number === 3 ? { answer: 'no' } : {}))
    expect(judge('503', runOf({ requests: other })).requests).toMatchObject({ changed: 1, causes: ['other answers'] })
  })

  it('are not held to answers that the controls do not agree on', () => {
    const [a, b] = ['a', 'b'].map((answer) => runOf({ requests: answered(20, () => ({ answer })), received: kept(20) }))
    const found = controlOf('lines', a!, b!)
    if (typeof found === 'string') throw new Error(found)
    expect(found.control.hasSameAnswers).toBe(false)
    expect(judgeFault('503', runOf({}), { ...found, limits }).requests.verdict).toBe('fail-open')
  })

  it('may be late 1 in 20, wait where the interval says so, and are inconclusive in between', () => {
    // Wilson of 0 of 20 reaches 0.1611; of 2 of 20 it begins at 0.0279, of 4 of 20 at 0.0807, and the differences at
    // 0.1 - hypot(0.0721, 0.1611) < 0 and 0.2 - hypot(0.1193, 0.1611) < 0; of 5 of 20 at 0.25 - hypot(0.1381, 0.1611) > 0.
    const late = (count: number) => {
      const requests = answered(20, (number) => ({ ms: number <= count ? 20.1 : 10 }))
      return judge('503', runOf({ requests })).requests
    }
    expect(late(1)).toMatchObject({ verdict: 'fail-open', late: 1 })
    expect(late(2)).toMatchObject({ verdict: 'inconclusive', late: 2 })
    expect(late(4)).toMatchObject({ verdict: 'inconclusive', late: 4 })
    expect(late(5)).toMatchObject({ verdict: 'fail-closed', late: 5, causes: ['waits'] })
  })

  it('are late beyond the budget, and not at it; the budget is the larger of both', () => {
    const of = (ms: number, usualMs: number) =>
      judge(
        '503',
        runOf({ requests: answered(20, () => ({ ms })) }),
        runOf({ requests: answered(20, () => ({ ms: usualMs })), received: kept(20) }),
      )
    expect(of(20, 10)).toMatchObject({ limitMs: 10, requests: { late: 0 } })
    expect(of(20.5, 10)).toMatchObject({ requests: { late: 20, verdict: 'fail-closed' } })
    expect(of(1100, 1000)).toMatchObject({ limitMs: 100, requests: { late: 0 } })
    expect(of(1101, 1000)).toMatchObject({ requests: { late: 20 } })
  })

  it('are as late as the control is by itself without a verdict', () => {
    const slow = answered(20, (number) => ({ ms: number <= 8 ? 60 : 10 }))
    const found = controlOf('lines', runOf({ received: kept(20) }), runOf({ requests: slow }))
    if (typeof found === 'string') throw new Error(found)
    const { requests } = judgeFault('503', runOf({ requests: slow }), { ...found, limits })
    expect(requests).toMatchObject({ verdict: 'inconclusive', late: 8, usuallyLate: 8 })
  })

  it('are run again while it is open whether they wait', () => {
    const late = (count: number) =>
      isWorthRepeating(judge('503', runOf({ requests: answered(20, (number) => ({ ms: number <= count ? 99 : 10 })) })))
    expect([1, 2, 5, 10, 11].map(late)).toEqual([false, true, true, true, false])
  })
})

describe('the exit of a run under a fault', () => {
  const exit = (more: Partial<Omit<WorkloadRun, 'received'>>) => judge('503', runOf(more)).exit

  it('is in time up to the budget beyond the control and what may be chance, and late above', () => {
    expect(exit({ exitDelayMs: 2200 })).toEqual({ verdict: 'in time', code: 0, delayMs: 2200, addedMs: 2100 })
    expect(exit({ exitDelayMs: 2201 })).toMatchObject({ verdict: 'late', addedMs: 2101 })
    expect(exit({ exitDelayMs: 50 })).toMatchObject({ verdict: 'in time', addedMs: 0 })
  })

  it('is never, or of another code', () => {
    expect(exit({ isKilled: true, exitCode: undefined, exitDelayMs: 9000 })).toMatchObject({ verdict: 'never' })
    expect(exit({ exitCode: 1 })).toMatchObject({ verdict: 'wrong code', code: 1 })
  })

  it('is not measured where requests are missing', () => {
    const requests = answered(3)
    expect(exit({ requests })).toEqual({ verdict: 'not measured', code: 0, delayMs: undefined, addedMs: undefined })
    expect(exit({ requests, isKilled: true })).toMatchObject({ verdict: 'not measured' })
  })
})

it('memory grows beyond its budget, and is not measured where nothing tells it', () => {
  const memory = (peakBytes: number | undefined) => judge('503', runOf({ peakBytes })).memory
  expect(memory(114e6)).toMatchObject({ verdict: 'bounded', addedBytes: 64e6 })
  expect(memory(114e6 + 1)).toMatchObject({ verdict: 'grows' })
  expect(memory(undefined)).toMatchObject({ verdict: 'not measured', addedBytes: undefined })
})

describe('the account of records', () => {
  const account = (fault: string, more: Parameters<typeof runOf>[0]) => judge(fault, runOf(more)).account

  it('adds up: delivered, turned away, without a way, dropped, and an unexplained rest', () => {
    expect(
      account('503', { received: { traces: 5, records: 10, refusedRecords: 22, twice: 3 }, saidDropped: 6 }),
    ).toEqual({
      ...{ expected: 40, delivered: 10, refused: 22, unreachable: 0, dropped: 6, unexplained: 2, twice: 3 },
      traces: { expected: 20, delivered: 5 },
    })
    expect(account('refused', {})).toMatchObject({ expected: 40, unreachable: 40, unexplained: 0 })
    expect(account('slow', { received: kept(20) })).toMatchObject({ expected: 40, delivered: 40, unexplained: 0 })
  })

  it('says so where more came than in the control', () => {
    expect(account('slow', { received: kept(21) })).toMatchObject({ expected: 40, delivered: 42, unexplained: -2 })
  })

  it('expects what the answered requests left, and what those left that were begun', () => {
    const requests = answered(10)
    expect(account('503', { requests })).toMatchObject({ expected: 20, unexplained: 20 })
    expect(account('503', { requests, received: { refusedRecords: 22 } })).toMatchObject({
      expected: 22,
      unexplained: 0,
    })
  })
})

describe('the control', () => {
  it('is none where the application fails without a fault', () => {
    const good = runOf({ received: kept(20) })
    expect(controlOf('lines', good, runOf({ isKilled: true }))).toBe('it was still running at the limit')
    expect(controlOf('lines', good, runOf({ exitCode: 1 }))).toBe('it ended with 0, then with 1')
    expect(controlOf('lines', good, runOf({ requests: [] }))).toBe('no request was answered')
    expect(controlOf('lines', runOf({}), runOf({}))).toMatch(/^nothing was sent to the endpoint/)
  })

  it('has the requests that both runs answered, and the slower exit', () => {
    const first = runOf({ requests: answered(3), received: kept(3), exitDelayMs: 10 })
    const second = runOf({ requests: answered(3, (number) => ({ ok: number !== 2 })), exitDelayMs: 30 })
    expect(controlOf('lines', first, second)).toMatchObject({ control: { requests: 2, exitDelayMs: 30 } })
  })

  it('tells the share of requests with a trace', () => {
    expect(samplingOf(2000, 200).share).toEqual({ x: 200, n: 2000 })
    expect(samplingOf(20, 25).share).toEqual({ x: 20, n: 20 })
  })
})

describe('what is expected', () => {
  const [open, closed] = [judge('503', runOf({})), judge('503', runOf({ requests: answered(5) }))]

  it('is that requests are answered, unless pilot.yaml says closed', () => {
    expect([open, closed].map((each) => requestsAsWanted(each, 'open'))).toEqual(['yes', 'no'])
    expect([open, closed].map((each) => requestsAsWanted(each, 'closed'))).toEqual(['no', 'yes'])
    expect([open, closed].map((each) => unwantedRequests(each, 'open'))).toEqual([0, 15])
    expect([open, closed].map((each) => unwantedRequests(each, 'closed'))).toEqual([20, 0])
  })

  it('is nothing of those that must fail, while traces are kept', () => {
    expect(requestsAsWanted(judge('slow', runOf({ received: kept(20) })), 'closed')).toBe('yes')
  })

  it('counts a request once that is late and wrong', () => {
    const requests = answered(20, () => ({ ok: false, ms: 500 }))
    expect(unwantedRequests(judge('503', runOf({ requests })), 'open')).toBe(20)
  })

  it('is of a whole run that requests, exit and memory are as wanted', () => {
    const whole = (...faults: (typeof open)[]) => isAsWanted({ faults, limits } as Parameters<typeof isAsWanted>[0]) // all that it looks at
    expect(whole(open)).toBe(true)
    expect(whole(open, closed)).toBe(false)
    expect(whole(judge('503', runOf({ exitDelayMs: 9000 })))).toBe(false)
    expect(whole(judge('503', runOf({ peakBytes: 500e6 })))).toBe(false)
  })
})

describe('a line of the workload', () => {
  it('states a request', () => {
    expect(requestOfLine('{"request": 7, "ms": 12.3, "ok": false, "answer": "a"}', 1)).toEqual({
      ...{ number: 7, ms: 12.3, ok: false, answer: '"a"' },
    })
    expect(requestOfLine('{"request": "r-1", "ms": -1}', 4)).toEqual({
      number: 4,
      ms: undefined,
      ok: true,
      answer: undefined,
    })
  })

  it('states none', () => {
    for (const line of ['', 'hello', '[1]', '{"ms": 1}', '{"request"', '{"__proto__": {"request": 1}}'])
      expect(requestOfLine(line, 1)).toBeUndefined()
  })
})

describe('standard error', () => {
  it('tells of an error that nobody caught, by its name', () => {
    const thrown =
      'file:///app.js:3\n  throw new Error("x")\n  ^\n\nTypeError: fetch failed\n    at x\n\nNode.js v20.20.2\n'
    expect(signsOfTrouble(thrown)).toMatchObject({
      uncaught: 'TypeError: fetch failed',
      lastError: 'Node.js v20.20.2',
      errorLines: 6,
    })
    expect(signsOfTrouble('Traceback (most recent call last):\n  File "a.py"\nValueError: no\n').uncaught).toBe(
      'ValueError: no',
    )
    expect(signsOfTrouble('(node:1) UnhandledPromiseRejectionWarning: 5\n').uncaught).toContain(
      'UnhandledPromiseRejection',
    )
    expect(signsOfTrouble('Error: export failed, and was caught\n').uncaught).toBeUndefined()
  })

  it('tells what was dropped', () => {
    expect(signsOfTrouble('Dropped 12 spans because maxQueueSize reached\ndropped 3 events\n').saidDropped).toBe(15)
    expect(signsOfTrouble('').saidDropped).toBe(0)
  })
})

describe('the records of a body', () => {
  const [trace, span] = [Buffer.alloc(16, 0xab), Buffer.alloc(8, 0xcd)]
  const field = (number: number, content: Buffer) =>
    Buffer.concat([Buffer.from([number * 8 + 2, content.length]), content])
  // A span with both ids, a kind (a number), a start (eight bytes) and a name.
  const spanBytes = Buffer.concat([
    field(1, trace),
    field(2, span),
    field(5, Buffer.from('answer')),
    Buffer.from([6 * 8, 1]),
    Buffer.from([7 * 8 + 1, ...Buffer.alloc(8)]),
  ])
  const request = field(1, field(2, field(2, spanBytes)))

  it('are the spans of OTLP, in protobuf and in JSON', () => {
    const expected = [{ trace: 'ab'.repeat(16), id: `${'ab'.repeat(16)}:${'cd'.repeat(8)}` }]
    expect(recordsOfProtobuf(request)).toEqual(expected)
    const body = {
      resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8) }] }] }],
    }
    expect(recordsOfJson(body, () => 'hash')).toEqual(expected)
  })

  it('are none where protobuf is cut off or is something else', () => {
    expect(recordsOfProtobuf(request.subarray(0, -1))).toBeUndefined()
    expect(recordsOfProtobuf(Buffer.from('<html>'))).toBeUndefined()
    expect(recordsOfProtobuf(Buffer.alloc(12, 0xff))).toBeUndefined()
    expect(recordsOfProtobuf(Buffer.alloc(0))).toEqual([])
  })

  it('are the events of a batch, with the trace that each is of', () => {
    const batch = [
      { id: 'e1', type: 'trace-create', body: { id: 't1' } },
      { id: 'e2', type: 'generation-create', body: { id: 'g1', traceId: 't1' } },
    ]
    expect(recordsOfJson({ batch, metadata: {} }, () => 'hash').map(({ trace: of }) => of)).toEqual(['t1', 't1'])
    expect(new Set(recordsOfJson({ batch }, () => 'hash').map(({ id }) => id)).size).toBe(2)
  })

  it('are the body itself where it has no list, by its text where it has no id', () => {
    expect(recordsOfJson({ prompt: 'x' }, () => 'h1')).toEqual([{ trace: 'h1', id: ':h1' }])
    expect(
      recordsOfJson(
        [
          { trace_id: 't', id: 'a' },
          { trace_id: 't', id: 'b' },
        ],
        () => '',
      ),
    ).toHaveLength(2)
    expect(recordsOfJson('text', () => '')).toEqual([])
    expect(recordsOfJson(null, () => '')).toEqual([])
  })
})

it('every fault has a name of its own, and one that is none is a bug', () => {
  expect(new Set(faultNames).size).toBe(17)
  expect(faultOf('hang').what).toBe('takes the request and never answers')
  expect(() => faultOf('hung')).toThrow('There is no fault hung.')
})
