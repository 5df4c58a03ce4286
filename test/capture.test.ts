import { describe, expect, it } from 'vitest'
import { captureTally } from '../src/core/capture.js'
import { metadataTally } from '../src/core/metadata.js'
import { traceOf } from './trace-of.js'

describe('required fields', () => {
  it('are counted on the spans of their kind', () => {
    const tally = captureTally({
      llm: ['prompt.name', 'model', 'tokens', 'cost', 'latency', 'output'],
      retriever: ['documents.id'],
      reranker: ['query'],
    })
    const { spans } = traceOf([
      {
        spanId: '1',
        kind: 'llm',
        promptName: 'p',
        responseModel: 'm',
        usage: { output: 0 },
        costUsd: 0,
        startMs: 1,
        endMs: 1,
        has: ['output'],
      },
      { spanId: '2', kind: 'llm', promptName: '', usage: {}, startMs: 1, has: ['input'] },
      { spanId: '3', kind: 'retriever', has: ['documents', 'documents.id'] },
      { spanId: '4', kind: 'retriever', has: ['documents'] },
      { spanId: '5', kind: 'tool' },
    ])
    for (const span of spans) tally.add(span)
    expect(tally.result().map(({ kind, field, share }) => `${kind} ${field} ${share.x}/${share.n}`)).toEqual([
      'llm prompt.name 1/2',
      'llm model 1/2',
      'llm tokens 1/2',
      'llm cost 1/2',
      'llm latency 1/2',
      'llm output 1/2',
      'retriever documents.id 1/2',
      'reranker query 0/0',
    ])
  })

  it('that only an answer has are not owed by a call that failed', () => {
    const tally = captureTally({ tool: ['arguments', 'result'] })
    tally.add(traceOf([{ spanId: '1', kind: 'tool', status: 'error' }]).spans[0]!)
    expect(tally.result().map(({ field, share }) => [field, share.n])).toEqual([
      ['arguments', 1],
      ['result', 0],
    ])
  })

  it('named twice are counted once', () => {
    expect(captureTally({ llm: ['model', 'model'] }).result()).toHaveLength(1)
  })
})

describe('metadata keys', () => {
  type Runs = Parameters<typeof traceOf>[0][]

  function auditOf(key: string, runs: Runs) {
    const tally = metadataTally()
    for (const spans of runs) tally.add({ trace: traceOf(spans) })
    return tally.result().metadata.find((audit) => audit.key === key)
  }

  const tenants = (...values: (string | undefined)[]): Runs =>
    values.map((tenant) => [{ spanId: '1' }, { spanId: '2', tenant }])

  it('are all seven reported, also those that no run carries', () => {
    const keys = metadataTally()
      .result()
      .metadata.map(({ key }) => key)
    expect(keys).toEqual(['tenant', 'user', 'session', 'request', 'environment', 'release', 'workflow'])
  })

  it('are present in a run when any span carries them', () => {
    expect(auditOf('tenant', tenants('acme', undefined, '', 'acme'))).toEqual({
      key: 'tenant',
      present: { x: 2, n: 4 },
      distinct: 1,
      spellings: [],
      conflicting: 0,
      tooManyValues: false,
    })
  })

  it('are spelled differently when only case, spaces, - and _ differ', () => {
    const audit = auditOf('tenant', tenants('Acme Corp', 'acme-corp', 'ACME_CORP', 'AcmeCorp', 'acme.corp', 'zenith'))
    expect(audit?.spellings).toEqual([['ACME_CORP', 'Acme Corp', 'AcmeCorp', 'acme-corp']])
    expect(audit?.distinct).toBe(6)
  })

  it('are not the same when a separator parts their digits elsewhere', () => {
    expect(
      auditOf('release', [[{ spanId: '1', release: '1-12' }], [{ spanId: '1', release: '11-2' }]])?.spellings,
    ).toEqual([])
    expect(
      auditOf('release', [[{ spanId: '1', release: '1-12' }], [{ spanId: '1', release: '1_12' }]])?.spellings,
    ).toHaveLength(1)
  })

  it('conflict when spans of one run disagree', () => {
    const runs: Runs = [
      [
        { spanId: '1', tenant: 'a' },
        { spanId: '2', tenant: 'b' },
        { spanId: '3', tenant: 'c' },
      ],
      [{ spanId: '1', tenant: 'a' }, { spanId: '2' }, { spanId: '3', tenant: 'a' }],
    ]
    expect(auditOf('tenant', runs)?.conflicting).toBe(1)
  })

  it('have too many values when nearly every run has its own, from ten runs on', () => {
    const numbered = (count: number) => Array.from({ length: count }, (_, i) => `tenant ${i}`)
    expect(auditOf('tenant', tenants(...numbered(9)))?.tooManyValues).toBe(false)
    expect(auditOf('tenant', tenants(...numbered(10)))?.tooManyValues).toBe(true)
    expect(auditOf('tenant', tenants(...numbered(9), 'tenant 1'))?.tooManyValues).toBe(true)
    expect(auditOf('tenant', tenants(...numbered(8), 'tenant 1', 'tenant 2'))?.tooManyValues).toBe(false)
    const sessions: Runs = numbered(20).map((session) => [{ spanId: '1', session }])
    expect(auditOf('session', sessions)?.tooManyValues).toBe(false)
  })
})
