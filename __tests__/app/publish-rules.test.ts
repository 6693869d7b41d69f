// By what the report of a stranger's job is judged: by the config that the base branch has when it is
// published, gate by gate and limit by limit. What a report leaves out, adds or calls otherwise is seen.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { openPull, setLabel } from '../github/github-state.ts'
import { configText, type Forge, HEAD_SHA, publishBase, startForge } from './forge.ts'
import { runActionHere } from './in-process.ts'
import { forkReport, type PublishedRun, publishingJob } from './published.ts'
import type { ActionResult } from './runner.ts'

let forge: Forge
let written: string

beforeAll(async () => {
  forge = await startForge()
  written = await forkReport(forge)
})
afterAll(async () => {
  expect(forge.github.state.violations).toEqual([])
  await forge.stop()
})
beforeEach(() => {
  const { state } = forge.github
  state.comments.splice(0)
  state.labellings.splice(0)
  const mine = openPull({ number: 7, headSha: HEAD_SHA, headRepository: 'mallory/search' })
  state.pulls.splice(0, state.pulls.length, mine)
  publishBase(forge)
})

type Json = Record<string, unknown> & { gates: Record<string, unknown>[] }

/** The written report with TTFT p50 five times as slow, proven, and then whatever a stranger does to it. */
function slower(change: (report: Json, gate: Record<string, unknown>) => void = () => {}): string {
  const report = JSON.parse(written)
  const [gate] = report.gates
  const p50 = gate.metrics.find(({ id }: { id: string }) => id === 'ttft_p50')
  Object.assign(p50, { baseline: 100, candidate: 500, change: 4, interval: [3.8, 4.2], history: 9 })
  Object.assign(p50, { verdict: 'pass', reason: { kind: 'ruled-out', mustDetect: 6, text: '' } })
  Object.assign(gate, { verdict: 'passed', invalidities: [] })
  report.verdict = 'passed'
  change(report, gate)
  return JSON.stringify(report)
}

const publish = (report: string, run: PublishedRun = {}): Promise<ActionResult> =>
  runActionHere(publishingJob(forge, report, run))

const comment = (): string => forge.github.state.comments.at(-1)?.body ?? ''
const chat = (): string => configText({ url: forge.simulator.url })

describe('the limits', () => {
  it('are the base branch’s, whatever the file has', async () => {
    const lax = slower((_, gate) => {
      for (const metric of gate.metrics as { limit: object }[]) {
        metric.limit = { increase: 9, floor: 0, must_detect: 10, stated: true }
      }
    })
    expect((await publish(lax)).outputs.headline).toMatch(/^Merge blocked: chat: TTFT p50 is 400 %/)
    publishBase(forge, chat().replace('increase: 60%', 'increase: 900%'))
    expect((await publish(lax)).outputs.headline).not.toContain('Merge blocked')
    expect(comment()).toContain('limits of the base branch')
  })

  it('that the file took away are open', async () => {
    const silent = slower((_, gate) => {
      gate.metrics = (gate.metrics as { id: string }[]).filter(({ id }) => id !== 'ttft_p50')
    })
    const { outputs } = await publish(silent)
    expect(outputs.headline).toMatch(/^Undecided, not blocking: chat: cannot tell whether TTFT p50/)
    expect(comment()).toContain('do not show that its limit holds')
  })

  it('bring their policy along', async () => {
    const base = `${chat()}policy: {inconclusive: fail, allowed_hosts: ["http://127.0.0.1:*"]}\n`
    const { state } = forge.github
    state.files.splice(0, state.files.length, {
      ...(state.files[0] as (typeof state.files)[number]),
      text: base,
    })
    const silent = slower((report, gate) => {
      gate.metrics = []
      Object.assign(report.context as object, {
        blocking: { inconclusive: false, noBaseline: false, invalid: false },
      })
    })
    expect((await publish(silent)).outputs.headline).toMatch(/^Merge blocked, undecided: chat/)
  })
})

describe('a gate', () => {
  it('that the file leaves out blocks', async () => {
    const { outputs } = await publish(slower((report) => report.gates.splice(0)))
    expect(outputs.headline).toBe(
      'Merge blocked, could not measure: chat: the job reported nothing of it',
    )
    expect(comment()).toContain('What is not reported is not passed.')
  })

  it('under another name is missed under its own, and stands for none', async () => {
    const renamed = slower((_, gate) => Object.assign(gate, { name: 'chat2' }))
    const { outputs } = await publish(renamed)
    expect(outputs.headline).toContain('Merge blocked')
    expect(outputs.headline).toContain('chat')
    expect(comment()).toContain('has no gate `chat2`: judged by the default limits')
    expect(comment()).toContain('the job reported nothing of it')
  })

  it('that the base branch has not is said, and passes no other', async () => {
    const more = slower((report, gate) => {
      report.gates.push({ ...structuredClone(gate), name: 'easy', metrics: [] })
    })
    expect((await publish(more)).outputs.headline).toMatch(/^Merge blocked: chat: TTFT p50/)
    expect(comment()).toContain('has no gate `easy`')
  })

  it('with the figures of another load is void', async () => {
    const other = slower((_, gate) => Object.assign(gate, { loadShape: { load: '1 at a time' } }))
    const { outputs } = await publish(other)
    expect(outputs.headline).toContain('the job reported another load')
  })

  it('twice in a file is refused, and so is a metric', async () => {
    const gates = slower((report, gate) => report.gates.push(structuredClone(gate)))
    const metrics = slower((_, gate) => {
      const all = gate.metrics as object[]
      all.push(structuredClone(all[0] ?? {}))
    })
    for (const [text, words] of [
      [gates, 'has the gate chat twice'],
      [metrics, 'twice in one gate'],
    ] as const) {
      expect(await publish(text)).toMatchObject({ code: 2, log: expect.stringContaining(words) })
    }
    expect(forge.github.state.comments).toEqual([])
  })

  it('that the file calls proposed still counts where the base branch has it', async () => {
    const proposed = slower((_, gate) =>
      Object.assign(gate, { asked: { as: 'proposed', of: 'chat', changes: [] }, metrics: [] }),
    )
    expect((await publish(proposed)).outputs.headline).toMatch(/^Undecided, not blocking: chat/)
  })
})

describe('a notice in the place of a report', () => {
  it('blocks where the base branch blocks what was not measured', async () => {
    const { state } = forge.github
    const problem = { kind: 'no-secrets', who: 'fork' }
    const { schemaVersion, tool } = JSON.parse(written)
    const head = { schemaVersion, tool, verdict: 'invalid', headline: 'x', gates: [], requests: 0 }
    const spent = { usd: 0, reason: null, estimated: false }
    const notice = JSON.stringify({ ...head, spent, context: null, problem })
    const never = { inputs: { comment: 'on-failure' } }
    await publish(notice, never)
    expect(state.comments).toEqual([])
    const text = `${chat()}policy: {no_secrets: fail}\n`
    state.files.splice(0, state.files.length, { ...(state.files[0] as object), text } as never)
    await publish(notice, never)
    expect(comment()).toContain('given no secrets')
  })
})

describe('the base branch', () => {
  it('without a config leaves the default limits, and that is said', async () => {
    forge.github.state.files.splice(0)
    const { outputs } = await publish(slower())
    expect(outputs.headline).toMatch(/^Merge blocked: chat: TTFT p50/)
    expect(comment()).toContain('which gates there should be is not known')
  })

  it('with a config that cannot be read judges nothing', async () => {
    publishBase(forge, 'gates: {chat: {endpoint: {url: "https://a.example"}}}\n')
    const { code, log } = await publish(slower())
    expect([code, log]).toEqual([2, expect.stringContaining('::error')])
    expect(comment()).toContain('so nothing of the report was judged')
    expect(comment()).not.toContain('400 %')
  })

  it('accepts by a label that GitHub says was set on this commit, not by the file’s word', async () => {
    const claimed = slower((_, gate) => {
      for (const metric of gate.metrics as { accepted?: object }[]) {
        metric.accepted = { label: 'accept-inference-regression', by: 'maintainer' }
      }
    })
    expect((await publish(claimed)).outputs.headline).toContain('Merge blocked')
    // The account of pushes is asked for where the head is.
    const [pull] = forge.github.state.pulls
    Object.assign(pull ?? {}, { headRepository: 'acme/search' })
    forge.github.state.pushes.push({
      repository: 'acme/search',
      branch: 'faster',
      after: HEAD_SHA,
      at: '2026-11-24T02:00:00Z',
    })
    setLabel(forge.github.state, {
      issue: 7,
      label: 'accept-inference-regression',
      at: '2026-11-24T02:30:00Z',
    })
    expect((await publish(claimed)).outputs.headline).not.toContain('Merge blocked')
    expect(comment()).toContain('accepted by maintainer')
  })
})
