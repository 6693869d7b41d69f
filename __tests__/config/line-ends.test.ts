// What a person wrote on Windows says the same: prompts of a file, places of problems, names of files.

import { describe, expect, it } from '@jest/globals'
import { configOf, gateWith, issueLine, issuesOf } from './read-config.ts'

const PROMPTS = '{"name": "a", "prompt": "one\\ntwo"}\n{"name": "b", "prompt": "three"}\n'
const CONFIG = gateWith('workload: {prompts: chat.jsonl, requests: 60}')

const onWindows = (text: string): string => text.replaceAll('\n', '\r\n')
const withPrompts = (config: string, prompts: string) =>
  configOf(config, { files: new Map([['chat.jsonl', prompts]]) })

describe('line ends of Windows', () => {
  it('make no other prompts', () => {
    const { gates } = withPrompts(CONFIG, PROMPTS)
    expect(gates[0]?.workload.prompts.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(withPrompts(onWindows(CONFIG), onWindows(PROMPTS))).toEqual({
      ...withPrompts(CONFIG, PROMPTS),
    })
    expect(withPrompts(CONFIG, `\ufeff${onWindows(PROMPTS)}`).gates).toEqual(gates)
  })

  it('leave problems at their places', () => {
    const wrong = gateWith('limits:\n  ttft_p95: {increase: much}\n  ttft_p50: {increase: 5}')
    const lines = issuesOf(wrong).map(issueLine)
    expect(lines).toHaveLength(2)
    expect(issuesOf(onWindows(wrong)).map(issueLine)).toEqual(lines)
  })
})

describe('names that Windows keeps for devices', () => {
  it.each(['con', 'NUL', 'com1', 'lpt9', 'aux.chat'])(
    '%s is refused: its files could not be written there',
    (name) => {
      const text = CONFIG.replace('chat:', `${name}:`).replace('prompts: chat.jsonl, ', '')
      expect(issuesOf(text).map(({ message }) => message)).toEqual([
        `\`${name}\` is a device on Windows, where no file can have this name; rename the gate`,
      ])
    },
  )

  it.each(['console', 'null', 'com10', 'chat.aux'])('%s is a name like any other', (name) => {
    expect(
      issuesOf(CONFIG.replace('chat:', `"${name}":`).replace('prompts: chat.jsonl, ', '')),
    ).toEqual([])
  })
})
