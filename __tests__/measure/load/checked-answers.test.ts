// Answers held against what their prompts expect, over real HTTP: what is measured agrees with what the
// simulator knows of its own answers.

import { afterEach, describe, expect, it } from '@jest/globals'
import { measure } from '../../../src/measure/load/load.ts'
import { DIALECTS, hasTokens } from '../../../src/model/config.ts'
import type { AnswerExpectation } from '../../../src/model/expectation.ts'
import type { ScriptedAnswer } from '../../../src/simulator/behaviour.ts'
import { startSimulator } from '../../../src/simulator/simulator.ts'
import { options, plan, request, target } from './asking.ts'

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0)) await close()
})

const FAST = { ttftMedianMs: 1, ttftPerInputTokenMs: 0, tokenGapMs: 0.1, capacity: 0 }
const CITY: AnswerExpectation = {
  jsonSchema: {
    type: 'object',
    required: ['city', 'people'],
    properties: { city: { type: 'string' }, people: { type: 'number' } },
  },
}

async function simulated(behaviour: object, script: readonly ScriptedAnswer[] = []) {
  const simulator = await startSimulator({ behaviour: { ...FAST, ...behaviour }, script })
  opened.push(() => simulator.close())
  return simulator
}

function asking(expectation: AnswerExpectation, count: number, change = {}) {
  return plan(
    Array.from({ length: count }, (_, i) =>
      request(i, { maxOutputTokens: 8, expect: expectation, ...change }),
    ),
    { load: { kind: 'closed', concurrency: 4 } },
  )
}

describe('answers that are expected to be something', () => {
  it('are valid just where the simulator said what it should', async () => {
    const simulator = await simulated({ says: 'json', wrongShare: 0.3 })
    const { records, invalidAnswers } = await measure(
      asking(CITY, 60),
      { candidate: target(simulator.url) },
      options(),
    )
    const answered = await fetch(`http://127.0.0.1:${simulator.port}/__log`)
    const log = (await answered.json()) as readonly { wrong?: boolean }[]
    const wrong = log.filter((served) => served.wrong === true).length
    expect(wrong).toBeGreaterThan(5)
    expect(records.filter(({ validity }) => validity === 'json-schema')).toHaveLength(wrong)
    expect(records.filter(({ validity }) => validity === 'valid')).toHaveLength(60 - wrong)
    expect(invalidAnswers?.candidate).toEqual([
      {
        kind: 'json-schema',
        prompt: 'greeting',
        problem: '/people must be number',
        begins: '{"city":"Orléans","people":"many"}',
      },
    ])
  })

  it.each(DIALECTS.filter(hasTokens))('are read in the words of %s, tools as well', async (api) => {
    // The legacy completions know neither reasoning nor tools.
    const isLegacy = api === 'openai-completions'
    const behaviour = { says: 'json', reasoningTokens: isLegacy ? 0 : 2 }
    const simulator = await simulated(behaviour, [{}, { tool: true }])
    const targets = { candidate: target(simulator.url, api) }
    const asked = plan([
      request(0, { maxOutputTokens: 12, expect: CITY }),
      request(1, { maxOutputTokens: 12, expect: { tool: 'lookup' } }),
    ])
    const { records } = await measure(asked, targets, options())
    expect(records.map(({ validity }) => validity)).toEqual(['valid', isLegacy ? 'tool' : 'valid'])
  })

  it('are not looked at in probes, in failures, and where nothing is expected', async () => {
    const simulator = await simulated({}, [{ fault: 'http-500' }])
    const asked = plan([
      request(0, { expect: { contains: ['no such text'] } }),
      request(1),
      request(2, { expect: { contains: ['no such text'] } }),
    ])
    const { records } = await measure(asked, { candidate: target(simulator.url) }, options())
    expect(records.map(({ validity }) => validity)).toEqual([undefined, undefined, 'contains'])
  })

  it('show no secret in the example', async () => {
    const simulator = await simulated({ says: 'json' })
    const { invalidAnswers } = await measure(
      asking({ contains: ['x'] }, 1),
      { candidate: target(simulator.url) },
      options({ recordSecrets: ['Orléans'] }),
    )
    expect(invalidAnswers?.candidate[0]?.begins).toBe('{"city":"***","people":116617}')
  })

  it('that take for ever to check are left unchecked, and those of other prompts are not', async () => {
    const simulator = await simulated({ says: 'json' })
    // Doubles with each of thirty names: a schema that no engine gets through.
    const doubling = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => {
        const next = { $ref: `#/$defs/n${i + 1}` }
        return [
          `n${i}`,
          { anyOf: [{ allOf: [next, next, { type: 'null' }] }, { allOf: [next, next] }] },
        ]
      }),
    )
    const endless: AnswerExpectation = {
      jsonSchema: { $ref: '#/$defs/n0', $defs: { ...doubling, n40: { type: 'object' } } },
    }
    const asked = plan([
      request(0, { expect: endless }),
      request(1, { maxOutputTokens: 9, expect: CITY }),
    ])
    const { records } = await measure(asked, { candidate: target(simulator.url) }, options())
    expect(records.map(({ validity }) => validity)).toEqual([undefined, 'valid'])
  })
})
