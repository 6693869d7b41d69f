import { describe, expect, it } from '@jest/globals'
import { secondArmOf } from '../../src/config/second-arm.ts'
import { combineTrusted } from '../../src/config/trusted-config.ts'
import { configOf, gateWith } from './read-config.ts'

const base =
  configOf(`${gateWith('limits: {ttft_p95: {increase: 15%, floor: 50ms}}\nworkload: {requests: 200}')}
budget: {cost: $2}
policy: {inconclusive: fail, allowed_hosts: [inference.example.com]}
`)

describe('combineTrusted', () => {
  it('judges a loosened head by the limits of the base', () => {
    const head = configOf(gateWith('limits: {ttft_p95: {increase: 90%}}\nworkload: {requests: 60}'))
    const { config, limitsFrom, proposedChanges } = combineTrusted(base, head)
    expect(limitsFrom).toBe('base')
    expect(config.gates[0]?.limits).toEqual(base.gates[0]?.limits)
    expect(config.gates[0]?.workload.requests).toBe(60)
    expect(config.policy).toEqual(base.policy)
    expect(config.budget).toEqual(base.budget)
    expect(proposedChanges).toEqual([
      {
        member: 'gates.chat.limits.ttft_p95',
        before: 'increase: 15%, floor: 50ms',
        after: 'increase: 90%',
      },
      { member: 'gates.chat.workload.requests', before: '200', after: '60' },
      { member: 'budget.cost', before: '$2', after: '$1' },
      { member: 'policy.inconclusive', before: 'fail', after: 'pass' },
      { member: 'policy.allowed_hosts', before: 'inference.example.com', after: 'any' },
    ])
  })

  it('names a limit that the head switches off', () => {
    const head = configOf(gateWith('limits: {ttft_p95: off}'))
    const [change] = combineTrusted(base, head).proposedChanges
    expect(change).toEqual({
      member: 'gates.chat.limits.ttft_p95',
      before: 'increase: 15%, floor: 50ms',
      after: undefined,
    })
  })

  const endpoint = '{url: https://other.example.com/v1, model: m}'
  const more = (name: string) =>
    `  ${name}: {endpoint: ${endpoint}, limits: {ttft_p50: {ceiling: 1s}}}\n`

  it('judges a new gate by the limits it brings, and names it', () => {
    const head = configOf(`${gateWith('reference: base')}${more('other')}`)
    const { config, proposedChanges } = combineTrusted(base, head)
    expect(config.gates.map(({ name }) => name)).toEqual(['chat', 'other'])
    expect(config.gates[1]?.limits).toEqual(head.gates[1]?.limits)
    expect(proposedChanges).toContainEqual({
      member: 'gates.other',
      before: undefined,
      after: 'new: judged by the limits it brings',
    })
  })

  it('names a removed gate, and one that has a new name', () => {
    const two = configOf(`${gateWith('reference: base')}${more('other')}`)
    const [removed] = combineTrusted(two, configOf(gateWith('reference: base'))).proposedChanges
    expect(removed).toEqual({ member: 'gates.other', before: 'gated', after: 'removed' })
    const renamed = configOf(`${gateWith('reference: base')}${more('another')}`)
    expect(combineTrusted(two, renamed).proposedChanges).toEqual([
      { member: 'gates.other', before: 'other', after: 'renamed to another' },
    ])
  })

  it('names what changes in workload, prompts and prices', () => {
    const before = configOf(gateWith('workload: {prompts: [{name: a, prompt: short}]}'))
    const after = configOf(
      gateWith(`workload: {prompts: [{name: a, prompt: longer}], concurrency: 2}
prices: {input: $1/M, output: $2/M}`),
    )
    const members = combineTrusted(before, after).proposedChanges.map(({ member }) => member)
    expect(members).toEqual(
      expect.arrayContaining([
        'gates.chat.workload.prompts',
        'gates.chat.workload.concurrency',
        'gates.chat.prices',
      ]),
    )
  })

  it('takes the first configuration of a repository as it is, and says so', () => {
    expect(combineTrusted(undefined, base)).toEqual({
      config: base,
      limitsFrom: 'head',
      proposedChanges: [],
    })
  })

  it('proposes nothing when nothing changed', () => {
    expect(combineTrusted(base, base)).toEqual({
      config: base,
      limitsFrom: 'base',
      proposedChanges: [],
    })
  })

  it("keeps the base's reference, so that a head cannot choose a slow one", () => {
    const head = configOf(gateWith('reference: {url: https://slow.example.com/v1}'))
    const { config, proposedChanges } = combineTrusted(base, head)
    expect(config.gates[0]?.reference).toEqual({ kind: 'base' })
    expect(proposedChanges.map(({ member }) => member)).toContain('gates.chat.reference')
  })
})

describe('the second arm', () => {
  const gateOf = (config: typeof base) => {
    const [gate] = config.gates
    if (gate === undefined) throw new Error('no gate')
    return gate
  }

  it('has no second arm where both would be the same endpoint', () => {
    expect(secondArmOf(gateOf(base), base)).toBeUndefined()
  })

  it("measures a preview URL beside the base's own endpoint without being told", () => {
    const text = gateWith('')
    const head = configOf(text, { endpointUrl: 'https://pr-7.example.com/v1' })
    expect(secondArmOf(gateOf(head), configOf(text))?.endpoint).toEqual(gateOf(base).endpoint)
  })

  it.each([
    ['another model', '{url: https://inference.example.com/v1, model: other}', true],
    ['another parameter', '{url: https://inference.example.com/v1, model: m, body: {a: 1}}', true],
    ['a header', '{url: https://inference.example.com/v1, model: m, headers: {a: b}}', true],
    ['another dialect', '{url: https://inference.example.com/v1, model: m, api: gemini}', true],
    ['a slash at the end', '{url: https://inference.example.com/v1/, model: m}', false],
  ])('tells %s from the same endpoint', (_, endpoint, isDifferent) => {
    const head = configOf(`gates: {chat: {endpoint: ${endpoint}}}`)
    expect(secondArmOf(gateOf(head), base) !== undefined).toBe(isDifferent)
  })

  it('does not mind the order of body members', () => {
    const at = 'url: https://a.example.com, model: m'
    const one = configOf(`gates: {chat: {endpoint: {${at}, body: {a: 1, b: {c: [1], d: 2}}}}}`)
    const other = configOf(`gates: {chat: {endpoint: {${at}, body: {b: {d: 2, c: [1]}, a: 1}}}}`)
    expect(secondArmOf(gateOf(one), other)).toBeUndefined()
  })

  it('tells header values apart, but not one that could not be filled in', () => {
    const of = (value: string, unsetEnv: 'blank' | 'refuse') =>
      configOf(
        `gates: {chat: {endpoint: {url: https://a.example.com, model: m, headers: {x-lane: '${value}'}}}}`,
        { unsetEnv },
      )
    const blank = of('$'.concat('{{ env.INFERENCE_GATE_LANE }}'), 'blank')
    expect(secondArmOf(gateOf(of('a', 'refuse')), of('b', 'refuse'))).toBeDefined()
    expect(secondArmOf(gateOf(of('a', 'refuse')), blank)).toBeUndefined()
  })

  it('has no second arm at a URL that could not be filled in', () => {
    const url = 'https://a.example.com/'.concat('$', '{{ env.INFERENCE_GATE_PATH }}')
    const text = `gates: {chat: {endpoint: {url: '${url}', model: m}}}`
    const unset = configOf(text, { unsetEnv: 'blank' })
    const set = configOf(text, { unsetEnv: 'blank', env: { INFERENCE_GATE_PATH: 'v2' } })
    expect(secondArmOf(gateOf(base), unset)).toBeUndefined()
    expect(secondArmOf(gateOf(base), set)?.endpoint.url).toBe('https://a.example.com/v2')
  })

  it('has no second arm without a base, without its gate, or when told so', () => {
    const none = configOf(gateWith('reference: none'))
    const other = configOf('gates: {other: {endpoint: {url: https://b.example.com, model: m}}}')
    expect(secondArmOf(gateOf(base), undefined)).toBeUndefined()
    expect(secondArmOf(gateOf(base), other)).toBeUndefined()
    expect(secondArmOf(gateOf(none), other)).toBeUndefined()
  })

  it('asks what the base branch asks, where prompts or the cache mode differ', () => {
    const of = (workload: string) => configOf(gateWith(`workload: {${workload}}`))
    const before = of('prompts: [one]')
    expect(secondArmOf(gateOf(of('prompts: [one, two]')), before)).toEqual({
      endpoint: gateOf(before).endpoint,
      workload: gateOf(before).workload,
    })
    const kept = of('prompts: [one], prompt_cache: keep')
    expect(secondArmOf(gateOf(kept), before)?.workload).toBeDefined()
    const longer = of('prompts: [one], max_output_tokens: 99')
    expect(secondArmOf(gateOf(longer), before)?.workload).toBeDefined()
  })

  it('asks nothing else where only the load, the number or the weights differ', () => {
    const of = (workload: string) => configOf(gateWith(`workload: {${workload}}`))
    const before = of('prompts: [{name: a, prompt: one}]')
    for (const other of [
      'concurrency: 9, prompts: [{name: a, prompt: one}]',
      'requests: 300, prompts: [{name: a, prompt: one, weight: 5}]',
    ]) {
      expect(secondArmOf(gateOf(of(other)), before)).toBeUndefined()
    }
  })

  it('asks the base branch’s prompts of the head’s own server, where the base’s URL is not known here', () => {
    const url = 'https://a.example.com/'.concat('$', '{{ env.INFERENCE_GATE_PATH }}')
    const text = `gates: {chat: {endpoint: {url: '${url}', model: m}, workload: {prompts: [one]}}}`
    const unset = configOf(text, { unsetEnv: 'blank' })
    const head = configOf(text.replace('one', 'two'), {
      endpointUrl: 'https://pr-7.example.com/v1',
    })
    const arm = secondArmOf(gateOf(head), unset)
    expect(arm?.endpoint.url).toBe('https://pr-7.example.com/v1')
    expect(arm?.workload).toEqual(gateOf(unset).workload)
  })

  it('fills a reference block up from the endpoint', () => {
    const config = configOf(gateWith('reference: {url: https://prod.example.com/v1}'))
    expect(secondArmOf(gateOf(config), undefined)?.endpoint).toEqual({
      ...gateOf(config).endpoint,
      url: 'https://prod.example.com/v1',
    })
  })
})
