// Which proxy an address is asked through: the variables of the environment as every tool reads them.

import { describe, expect, it } from '@jest/globals'
import { proxyFor, proxySecrets, withLowerCaseProxies } from '../../src/model/proxy.ts'

const BOTH = { HTTPS_PROXY: 'http://secure:1', HTTP_PROXY: 'http://plain:2' }

describe('proxyFor', () => {
  it.each([
    ['https://a.example/v1', BOTH, 'http://secure:1'],
    ['http://a.example/v1', BOTH, 'http://plain:2'],
    ['https://a.example/v1', { HTTP_PROXY: 'http://plain:2' }, undefined],
    [
      'https://a.example/v1',
      { HTTPS_PROXY: 'http://upper:1', https_proxy: 'http://lower:1' },
      'http://lower:1',
    ],
    ['https://a.example/v1', { https_proxy: '', HTTPS_PROXY: 'http://upper:1' }, 'http://upper:1'],
    ['https://a.example/v1', { HTTPS_PROXY: 'proxy.example:3128' }, 'http://proxy.example:3128'],
    ['https://a.example/v1', { HTTPS_PROXY: 'https://proxy.example' }, 'https://proxy.example'],
    ['https://localhost:8000/v1', BOTH, undefined],
    ['http://127.0.0.1:8000/v1', BOTH, undefined],
    ['http://[::1]:8000/v1', BOTH, undefined],
  ])('asks %s with %j through %s', (url, env: Record<string, string>, origin) => {
    expect(proxyFor(url, env)?.origin).toBe(origin)
  })

  it.each([
    ['a.example', true],
    ['A.Example', true],
    ['.a.example', true],
    ['*.a.example', false],
    ['example', true],
    ['b.example, a.example', true],
    ['b.example a.example', true],
    ['a.example:443', true],
    ['a.example:8443', false],
    ['*:443', true],
    ['*', true],
    ['ba.example', false],
    ['', false],
    [',', false],
  ])('takes https://a.example for an exception of NO_PROXY=%j: %s', (NO_PROXY, isException) => {
    expect(proxyFor('https://a.example', { ...BOTH, NO_PROXY }) === undefined).toBe(isException)
  })

  it.each([
    ['https://x.a.example', '*.a.example'],
    ['https://x.a.example', 'a.example'],
    ['https://a.example.', 'a.example'],
    ['http://10.1.2.3:8000', '10.0.0.0/8'],
    ['http://10.1.2.3:8000', '10.1.2.3:8000'],
    ['http://[fd00::12]:8000', 'fd00::/8'],
    ['http://[fd00::12]:8000', 'fd00::12'],
    ['http://[fd00::12]:8000', '[fd00::12]:8000'],
  ])('asks %s directly with NO_PROXY=%s', (url, no_proxy) => {
    expect(proxyFor(url, { ...BOTH, no_proxy })).toBeUndefined()
  })

  it.each(['11.0.0.0/8', '10.0.0.0/33', '10.0.0.0/x', 'fd00::/8', '10.1.2.3:9'])(
    'asks http://10.1.2.3:8000 through the proxy with NO_PROXY=%s',
    (NO_PROXY) => {
      expect(proxyFor('http://10.1.2.3:8000', { ...BOTH, NO_PROXY })?.origin).toBe('http://plain:2')
    },
  )

  it('keeps user and password apart from what may be shown', () => {
    const env = { HTTPS_PROXY: 'http://me:p%40ss%3Aword@proxy.example:3128' }
    expect(proxyFor('https://a.example', env)).toEqual({
      origin: 'http://proxy.example:3128',
      credentials: 'me:p@ss:word',
    })
    expect(proxySecrets(env)).toContain('p@ss:word')
  })

  it('refuses what is no http proxy, without saying the value', () => {
    const asked = () => proxyFor('https://a.example', { HTTPS_PROXY: 'socks5://me:hush@x:1' })
    expect(asked).toThrow(/HTTPS_PROXY of the environment has the scheme socks5:/)
    expect(asked).not.toThrow(/hush/)
  })
})

it('gives git the variables in the spelling that it reads', () => {
  const env = withLowerCaseProxies({
    HTTP_PROXY: 'http://a',
    https_proxy: 'http://b',
    HTTPS_PROXY: 'http://c',
  })
  expect(env).toMatchObject({ http_proxy: 'http://a', https_proxy: 'http://b' })
})
