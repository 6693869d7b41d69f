import { describe, expect, it } from '@jest/globals'
import { isAllowedHost } from '../../src/model/allowed-hosts.ts'

describe('isAllowedHost', () => {
  it.each([
    ['https://a.example.com/v1', [], true],
    ['https://a.example.com/v1', ['a.example.com'], true],
    ['https://A.Example.com/v1', ['a.EXAMPLE.com'], true],
    ['https://b.example.com/v1', ['a.example.com'], false],
    // One origin: https on its own port unless the entry says otherwise.
    ['http://a.example.com/v1', ['a.example.com'], false],
    ['http://a.example.com/v1', ['http://a.example.com'], true],
    ['https://a.example.com/v1', ['http://a.example.com'], false],
    ['https://a.example.com:8443/v1', ['a.example.com'], false],
    ['https://a.example.com:8443/v1', ['a.example.com:8443'], true],
    ['https://a.example.com:8443/v1', ['a.example.com:443'], false],
    ['https://a.example.com/v1', ['a.example.com:443'], true],
    ['http://a.example.com/v1', ['a.example.com:80'], false],
    ['http://127.0.0.1:8000/v1', ['http://127.0.0.1:*'], true],
    ['https://127.0.0.1:8000/v1', ['http://127.0.0.1:*'], false],
    ['https://a.example.com', ['*.example.com'], true],
    ['https://a.b.example.com', ['*.example.com'], true],
    ['https://example.com', ['*.example.com'], false],
    ['https://evilexample.com', ['*.example.com'], false],
    ['https://a.example.com:9000', ['*.example.com:9000'], true],
    ['https://a.example.com.evil.org', ['a.example.com', '*.example.com'], false],
    ['https://evil.org/a.example.com', ['a.example.com'], false],
    ['https://a.example.com@evil.org/', ['a.example.com'], false],
    ['http://[::1]:8000/v1', ['http://[::1]:8000'], true],
    ['http://[::1]:8000/v1', ['http://[::1]'], false],
    ['not a url', ['a.example.com'], false],
  ])('of %s with the list %j: %p', (url, allowed, expected) => {
    expect(isAllowedHost(url, allowed)).toBe(expected)
  })
})
