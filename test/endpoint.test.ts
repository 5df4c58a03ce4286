import { describe, expect, it } from 'vitest'
import { isLoopback, isSafeForKey, readEndpoint } from '../src/io/endpoint.js'

describe('an endpoint', () => {
  it.each([
    ['https://api.example.com/v1', 'https://api.example.com/v1'],
    ['http://localhost:11434/v1', 'http://localhost:11434/v1'],
    ['http://10.0.0.7:8000', 'http://10.0.0.7:8000/'],
    ['https://x.example/openai?api-version=2024-10-21#part', 'https://x.example/openai?api-version=2024-10-21'],
    ['https://169.253.255.255/', 'https://169.253.255.255/'],
    ['https://169.255.0.0/', 'https://169.255.0.0/'],
    ['https://100.100.100.201/', 'https://100.100.100.201/'],
    ['https://[fec0::1]/', 'https://[fec0::1]/'],
    ['https://169.254.169.254.example.com/', 'https://169.254.169.254.example.com/'],
  ])('may be %s', (text, href) => {
    expect(readEndpoint(text).href).toBe(href)
  })

  it.each([
    ['', 'The endpoint is no address.'],
    ['api.example.com/v1', 'The endpoint is no address.'],
    ['localhost:8080/v1', 'The endpoint begins with localhost:, not with http:// or https://.'],
    ['file:///etc/passwd', 'The endpoint begins with file:, not with http:// or https://.'],
    ['ftp://example.com', 'The endpoint begins with ftp:, not with http:// or https://.'],
    ['javascript:alert(1)', 'The endpoint begins with javascript:, not with http:// or https://.'],
    ['https://jane:s3cret@example.com', 'The endpoint holds a user name or a password.'],
    ['https://sk-s3cret@example.com', 'The endpoint holds a user name or a password.'],
  ])('may not be %j', (text, message) => {
    expect(() => readEndpoint(text)).toThrow(expect.objectContaining({ message, exitCode: 2 }))
  })

  it.each([
    '169.254.169.254',
    '169.254.0.0',
    '169.254.255.255',
    '2852039166', // decimal
    '0xa9fea9fe',
    '0xA9.0xFE.0xA9.0xFE',
    '0251.0376.0251.0376', // octal
    '169.254.43518', // short
    '169.254.169.254.',
    '①⑥⑨.②⑤④.①⑥⑨.②⑤④',
    '100.100.100.200',
    '0144.100.100.200',
    '192.0.0.192',
    '168.63.129.16',
    '[fe80::1]',
    '[febf:ffff::1]',
    '[fd00:ec2::254]',
    '[FD00:0EC2:0:0:0:0:0:0254]',
    '[::ffff:169.254.169.254]',
    '[::ffff:a9fe:a9fe]',
    '[0:0:0:0:0:ffff:a9fe:a9fe]',
    '[::a9fe:a9fe]',
    '[64:ff9b::169.254.169.254]',
    '[2002:a9fe:a9fe::1]',
    '[::ffff:100.100.100.200]',
    '[2002:6464:64c8::]',
    'metadata',
    'metadata.google.internal',
    'METADATA.google.INTERNAL.',
    'metadata.goog',
  ])('may not lead to %s', (host) => {
    expect(() => readEndpoint(`http://${host}/v1`)).toThrow(/^The endpoint leads to .*, which serves machines/)
  })
})

describe('a key', () => {
  it.each([
    ['https://api.example.com', true, false],
    ['http://api.example.com', false, false],
    ['http://10.0.0.7', false, false],
    ['http://192.168.0.7', false, false],
    ['http://0.0.0.0', false, false],
    ['http://localhost', true, true],
    ['http://LOCALHOST.', true, true],
    ['http://127.0.0.1', true, true],
    ['http://127.255.255.255', true, true],
    ['http://2130706433', true, true],
    ['http://[::1]', true, true],
    ['http://[::ffff:127.0.0.1]', true, true],
    ['http://128.0.0.1', false, false],
    ['http://localhost.example.com', false, false],
    ['http://127.0.0.1.example.com', false, false],
  ])('for %s: safe %s, loopback %s', (text, isSafe, isLocal) => {
    const url = readEndpoint(text)
    expect([isSafeForKey(url), isLoopback(url)]).toEqual([isSafe, isLocal])
  })
})
