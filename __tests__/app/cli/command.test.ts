// The command line as each command's table of options takes it apart.

import { describe, expect, it } from '@jest/globals'
import { parseArguments } from '../../../src/app/cli/command.ts'
import { compare } from '../../../src/app/cli/commands/compare.ts'

describe('an option that takes several values', () => {
  it.each([
    ['apart', ['new.json', '--with', 'a.json', 'b.json']],
    ['with an equals sign before the first', ['new.json', '--with=a.json', 'b.json']],
    ['each with its own', ['new.json', '--with', 'a.json', '--with=b.json']],
  ])('takes them written %s', (_, argv) => {
    const args = parseArguments(compare, argv)
    expect([args.operands, args.texts('with')]).toEqual([['new.json'], ['a.json', 'b.json']])
  })

  it('ends at the next option', () => {
    const args = parseArguments(compare, ['--with=a=b.json', '--config=c.yml', 'new.json'])
    expect([args.operands, args.texts('with'), args.text('config')]).toEqual([
      ['new.json'],
      ['a=b.json'],
      'c.yml',
    ])
  })
})
