import { describe, expect, it } from '@jest/globals'
import { isPrivateHost } from '../../src/model/private-address.ts'

/** As a URL gives it: numbers of any base and length are dotted by then. */
const hostOf = (host: string) => new URL(`http://${host}/`).hostname

describe('a private address', () => {
  it.each([
    'localhost',
    'localhost.',
    'a.localhost',
    '127.0.0.1',
    '127.1',
    '0x7f000001',
    '2130706433',
    '017700000001',
    '0.0.0.0',
    '10.1.2.3',
    '100.100.100.200',
    '169.254.169.254',
    '168.63.129.16',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '255.255.255.255',
    '[::]',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:a9fe:a9fe]',
    '[64:ff9b::10.0.0.1]',
    '[fe80::1]',
    '[fd00:ec2::254]',
    '[ff02::1]',
  ])('is %s', (host) => {
    expect(isPrivateHost(hostOf(host))).toBe(true)
  })

  it.each([
    'example.com',
    'localhost.example.com',
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '[2606:4700::1111]',
    '[::ffff:8.8.8.8]',
    '[fd-is-a-name.example]'.slice(1, -1),
  ])('is not %s', (host) => {
    expect(isPrivateHost(hostOf(host))).toBe(false)
  })
})
