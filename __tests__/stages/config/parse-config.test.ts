import { describe, expect, it } from '@jest/globals'
import { parseConfig } from '../../../src/stages/config/parse-config.ts'

describe('parseConfig', () => {
  it('takes a URL and a model for a complete config', () => {
    const text = 'gates: {chat: {endpoint: {url: "http://localhost:8000/v1", model: m}}}'
    const parsed = parseConfig({ file: 'gate.yml', text, files: new Map(), env: {} })
    expect(parsed.ok).toBe(true)
  })
})
