// The commands as functions, in a folder of their own, against a simulated endpoint in a process of its
// own: what each does when nothing is wrong, and what it says of arguments that are.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { COMMANDS } from '../../../../src/app/cli/commands/commands.ts'
import { parseConfig } from '../../../../src/config/parse-config.ts'
import { startGitServer } from '../../../baseline/branch/git-http-server.ts'
import {
  type SimulatorProcess,
  startSimulatorProcess,
} from '../../../simulator/simulator-process.ts'
import { type ConfigParts, configText, QUICK, SLOW } from '../../forge.ts'
import { runCliHere } from '../../in-process.ts'
import { ROOT } from '../../runner.ts'

let simulator: SimulatorProcess
let parent: string

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'gate-commands-'))
  simulator = await startSimulatorProcess({ seed: 3, behaviour: QUICK })
  await simulator.control({ version: 'slow', behaviour: SLOW })
})
afterAll(async () => {
  await simulator.stop()
  rmSync(parent, { recursive: true, force: true })
})

/** As few requests as can show that its limits hold: no percentile that needs more of them. */
const small = (parts: ConfigParts) =>
  configText(parts)
    .replace('requests: 60', 'requests: 30')
    .replace(/ttft_p95: .*/, 'ttft_p95: off')

/** An empty folder, with a config where text is given. */
function folderWith(config?: string): string {
  const folder = mkdtempSync(join(parent, 'here-'))
  if (config !== undefined) writeFileSync(join(folder, 'inference-gate.yml'), config)
  return folder
}

const schemaOf = (name: string) =>
  new Ajv2020({ strict: false, validateFormats: false }).compile(
    JSON.parse(readFileSync(join(ROOT, 'schema', name), 'utf8')),
  )
/** A command line as a shell takes it apart. */
const wordsOf = (line: string) =>
  execFileSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' })
    .trim()
    .split('\n')
const runsOf = (folder: string) => join(folder, 'inference-gate-report/runs/chat.json')

describe('the help', () => {
  it('lists every command, its exit codes and where the key is read from', async () => {
    const { code, out } = await runCliHere(['--help'], { folder: parent })
    expect(code).toBe(0)
    for (const { name } of COMMANDS) expect(out).toContain(`  ${name} `)
    for (const exit of ['0 ', '1 ', '2 ', '3 ', '4 ', '70']) expect(out).toContain(`  ${exit}`)
    expect(out).toContain('INFERENCE_GATE_API_KEY')
  })

  it('shows every option of every command, in three ways', async () => {
    for (const command of COMMANDS) {
      const { code, out } = await runCliHere([command.name, '--help'], { folder: parent })
      expect(code).toBe(0)
      expect(out).toContain(`Usage: inference-gate ${command.name}`)
      for (const option of command.options) expect(out).toContain(`--${option.name}`)
      expect((await runCliHere(['help', command.name], { folder: parent })).out).toBe(out)
      expect((await runCliHere([command.name, '-h'], { folder: parent })).out).toBe(out)
    }
  })

  it('is shown and is no success where no command is named', async () => {
    const { code, out } = await runCliHere([], { folder: parent })
    expect(code).toBe(2)
    expect(out).toContain('Usage: inference-gate <command>')
  })

  it('says the version', async () => {
    expect((await runCliHere(['--version'], { folder: parent })).out).toMatch(
      /^inference-gate\/\d+\.\d+\.\d+\n$/,
    )
  })
})

describe('arguments', () => {
  const refused: readonly (readonly [readonly string[], string])[] = [
    [['frobnicate'], 'there is no command "frobnicate"; the commands are init, validate'],
    [
      ['run', '--confg', 'x'],
      'unknown option --confg, did you mean "--config"?; its options are --config',
    ],
    [['run', '--config'], '--config'],
    [['run', 'stray'], 'stray'],
    [['init'], 'needs --url'],
    [['init', '--url', 'https://a.example/v1'], 'needs --model'],
    [['init', '--url', 'https://a.example/v1', '--model', 'm', '--api', 'x'], '--api is "x"'],
    [
      ['init', '--url', 'https://a.example/v1', '--model', 'm', '--price-input', '$1/M'],
      'only one of',
    ],
    [['merge'], 'needs run files'],
    [['compare', 'a.json'], 'needs run files on both sides of --with'],
    [['compare', 'none-*.json', '--with', 'x.json'], 'no file matches none-*.json'],
    [['simulate', '--port', 'eighty'], '--port is "eighty"'],
    [['simulate', '--profile', 'odd'], '--profile is "odd"; legal values: healthy'],
    [['demo', '--seed', '-1'], '--seed'],
  ]
  for (const [argv, words] of refused) {
    it(`refuses: ${argv.join(' ')}`, async () => {
      const { code, out, err } = await runCliHere(argv, { folder: parent })
      expect(code).toBe(2)
      expect(err).toContain(words)
      expect(err).not.toMatch(/\n\s+at /)
      expect(out).toBe('')
    })
  }

  it('refuses a gate that the config does not have, two places for a baseline, no reason', async () => {
    const folder = folderWith(configText({ url: simulator.url }))
    const gate = await runCliHere(['run', '--gate', 'chta'], { folder })
    expect([gate.code, gate.err]).toEqual([
      2,
      expect.stringContaining('--gate is "chta"; the config has chat'),
    ])
    const two = await runCliHere(['history', '--baseline', 'a', '--remote', 'b'], { folder })
    expect([two.code, two.err]).toEqual([2, expect.stringContaining('kept in one place')])
    const reason = await runCliHere(['accept'], { folder })
    expect([reason.code, reason.err]).toEqual([2, expect.stringContaining('needs --reason')])
    const run = await runCliHere(['accept', '--reason', 'x', '--run', 'nope'], { folder })
    expect([run.code, run.err]).toEqual([2, expect.stringContaining('has no run nope')])
  })
})

describe('a bug of ours', () => {
  it('ends with 70 and is the only thing that shows a trace', async () => {
    const folder = folderWith(configText({ url: simulator.url }))
    const { code, err } = await runCliHere(['validate'], { folder, broken: true })
    expect(code).toBe(70)
    expect(err).toContain('this is a bug of ours, please report it')
    expect(err).toMatch(/\n\s+at /)
  })
})

describe('init', () => {
  it('writes a config that is valid and a workflow, and never writes over them', async () => {
    const folder = folderWith()
    const argv = ['init', '--url', 'https://inference.example.com/v1', '--model', 'llama-3.3-70b']
    const prices = ['--price-input', '$0.60/M', '--price-output', '$2.40/M']
    const { code, out } = await runCliHere([...argv, ...prices], { folder })
    expect(code).toBe(0)
    expect(out).toContain('wrote .github/inference-gate.yml')
    expect(out).toContain('wrote .github/workflows/inference-gate.yml')
    const text = readFileSync(join(folder, '.github/inference-gate.yml'), 'utf8')
    const parsed = parseConfig({ file: 'x', text, files: new Map(), env: {} })
    expect(parsed.ok).toBe(true)
    const again = await runCliHere([...argv, '--model', 'other'], { folder })
    expect(again.code).toBe(0)
    expect(again.out).toContain('is there already and was left as it is')
    expect(readFileSync(join(folder, '.github/inference-gate.yml'), 'utf8')).toBe(text)
    const valid = await runCliHere(['validate'], { folder })
    expect([valid.code, valid.out]).toEqual([0, expect.stringContaining('openai-chat llama-3.3-')])
  })

  it('writes nothing where the URL is none', async () => {
    const folder = folderWith()
    const { code, err } = await runCliHere(['init', '--url', 'chat', '--model', 'm'], { folder })
    expect(code).toBe(2)
    expect(err).toContain('this is not a URL')
    expect(existsSync(join(folder, '.github'))).toBe(false)
  })
})

describe('the main job', () => {
  let folder: string
  beforeAll(() => {
    folder = folderWith(small({ url: simulator.url }))
  })

  it('says before the first run what it would take', async () => {
    const { code, out } = await runCliHere(['plan'], { folder })
    expect(code).toBe(0)
    expect(out).toContain('chat')
    expect(out).toContain('30')
  })

  it('passes without a baseline and says that there is none', async () => {
    const { code, out } = await runCliHere(['run', '--json', 'out/report.json'], { folder })
    expect(code).toBe(0)
    expect(out).toMatch(/No baseline/i)
    expect(JSON.parse(readFileSync(join(folder, 'out/report.json'), 'utf8')).verdict).toBe(
      'no-baseline',
    )
  })

  it('records runs in the baseline folder', async () => {
    const recorded = await runCliHere(['record', '--times', '5'], { folder })
    expect(recorded.err.match(/chat: recorded in folder/g)).toHaveLength(5)
    expect(recorded.code).toBe(0)
    const { code, out } = await runCliHere(['history'], { folder })
    expect(code).toBe(0)
    expect(out.match(/20\d\d-\d\d-\d\d/g)?.length).toBeGreaterThanOrEqual(5)
  })

  it('passes an unchanged endpoint, with progress on the error stream alone', async () => {
    await simulator.control({ run: 9 })
    const { code, out, err } = await runCliHere(['run'], { folder, terminal: true })
    expect(code).toBe(0)
    expect(out).toContain('TTFT p50')
    expect(out).toContain('report.html')
    // A busy machine warms up for longer.
    expect(err).toMatch(/requests \d+\/34/)
    for (const name of ['report.json', 'report.html', 'comment.md', 'runs/chat.json']) {
      expect(existsSync(join(folder, 'inference-gate-report', name))).toBe(true)
    }
  })

  it('fails a regressed one with 1', async () => {
    const { code, out } = await runCliHere(['run', '--endpoint-url', simulator.slowUrl], { folder })
    expect(code).toBe(1)
    expect(out).toContain('Failed: chat: TTFT p50 is')
  })

  it('prints nothing but JSON of its schema where it is asked to', async () => {
    const { code, out, err } = await runCliHere(['run', '--json', '-'], { folder })
    expect(code).toBe(0)
    expect(err).toBe('')
    const validate = schemaOf('report.schema.json')
    expect([validate(JSON.parse(out)), validate.errors]).toEqual([true, null])
    const run = schemaOf('run.schema.json')
    expect([run(JSON.parse(readFileSync(runsOf(folder), 'utf8'))), run.errors]).toEqual([
      true,
      null,
    ])
  })

  it('keeps a regressed run apart with 1, until it is accepted', async () => {
    const slow = ['--endpoint-url', simulator.slowUrl]
    const held = await runCliHere(['record', ...slow], { folder })
    expect([held.code, held.err]).toEqual([1, expect.stringContaining('kept apart in folder')])
    const accepted = await runCliHere(['accept', '--reason', 'larger model', '--by', 'ada'], {
      folder,
    })
    expect([accepted.code, accepted.out]).toEqual([
      0,
      expect.stringContaining('a new baseline epoch begins with run'),
    ])
    const after = await runCliHere(['record', ...slow], { folder })
    expect([after.code, after.err]).toEqual([0, expect.stringContaining('chat: recorded')])
    const history = await runCliHere(['history', '--gate', 'chat'], { folder })
    expect(history.out).toContain('chat, from folder')
  })

  it('blocks with 4 where the policy blocks on no baseline', async () => {
    const strict = folderWith(small({ url: simulator.url, rest: 'policy: {no_baseline: fail}\n' }))
    const { code, out } = await runCliHere(['run'], { folder: strict })
    expect(code).toBe(4)
    expect(out).toContain('policy.no_baseline')
  })
})

describe('prices from the catalogue', () => {
  const named = (model: string) =>
    folderWith(
      configText({ url: simulator.url }).replace(/prices: .*/, `prices: {catalogue: ${model}}`),
    )

  it('price the run, and the report says which version they are of', async () => {
    const folder = named('openai/gpt-4o-mini')
    expect((await runCliHere(['run'], { folder })).code).toBe(0)
    const report = readFileSync(join(folder, 'inference-gate-report/report.json'), 'utf8')
    const { gates, spent } = JSON.parse(report) as {
      readonly gates: readonly { readonly subject: Readonly<Record<string, string>> }[]
      readonly spent: { readonly usd: number }
    }
    expect(gates[0]?.subject).toMatchObject({
      'price of input': '$0.15/M',
      'price of cached input': '$0.075/M',
      'price of output': '$0.6/M',
      'prices from': expect.stringMatching(
        /^@pydantic\/genai-prices \d+\.\d+\.\d+: openai\/gpt-4o-mini$/,
      ),
    })
    expect(spent.usd).toBeGreaterThan(0)
  })

  it('refuse a name they do not have, with the nearest one', async () => {
    const { code, err } = await runCliHere(['validate'], { folder: named('openai/gtp-4o-mini') })
    expect(code).toBe(2)
    expect(err).toContain('did you mean `gpt-4o-mini`?')
  })
})

describe('saved runs', () => {
  let folder: string
  beforeAll(async () => {
    folder = folderWith(small({ url: simulator.url }))
    for (const name of ['a', 'b', 'c', 'd', 'slow']) {
      const url = name === 'slow' ? simulator.slowUrl : simulator.url
      const { code } = await runCliHere(
        ['run', '--report-dir', name, '--endpoint-url', url, '--baseline', 'none'],
        { folder },
      )
      if (code !== 0) throw new Error(`run ${name} ended with ${code}`)
    }
  })

  it('are judged by each other without a network', async () => {
    const same = await runCliHere(
      ['compare', 'd/runs/chat.json', '--with', 'a/runs/*.json', 'b/runs/*.json', 'c/runs/*.json'],
      { folder },
    )
    expect(same.code).toBe(0)
    expect(same.out).toContain('TTFT p50')
    const slow = await runCliHere(
      [
        ...['compare', 'slow/runs/chat.json', '--config', 'inference-gate.yml', '--json', '-'],
        ...['--with', 'a/runs/chat.json', 'b/runs/chat.json', 'c/runs/chat.json'],
      ],
      { folder },
    )
    expect(slow.code).toBe(1)
    expect(JSON.parse(slow.out).gates[0].metrics[0]).toMatchObject({
      id: 'ttft_p50',
      verdict: 'fail',
      history: 3,
    })
  })

  it('are put together as shards of one load', async () => {
    const { code, out } = await runCliHere(['merge', '[ab]/runs/chat.json', '--report-dir', 'm'], {
      folder,
    })
    expect([code, out]).toEqual([0, 'chat: 60 requests\n'])
    const merged = JSON.parse(readFileSync(join(folder, 'm/runs/chat.json'), 'utf8'))
    expect(merged.loadShape.shards).toBe('2')
    const strange = await runCliHere(['merge', 'a/runs/chat.json', 'slow/runs/chat.json'], {
      folder,
    })
    expect([strange.code, strange.err]).toEqual([2, expect.stringContaining('differ in subject')])
  })

  it('are refused by name where they are cut, foreign or would lead out of the folder', async () => {
    const whole = readFileSync(join(folder, 'a/runs/chat.json'), 'utf8')
    mkdirSync(join(folder, 'bad'))
    const write = (name: string, text: string) => writeFileSync(join(folder, 'bad', name), text)
    write('cut.json', whole.slice(0, 500))
    write('foreign.json', '{"metrics": {}}')
    write('empty.json', '')
    write('away.json', whole.replace('"gate":"chat"', '"gate":"../../away"'))
    for (const [name, words] of [
      ['cut', 'cut.json: is not JSON; it seems to be cut short'],
      ['foreign', 'foreign.json: is not an inference-gate-run file'],
      ['empty', 'empty.json: is empty'],
      ['away', 'away.json: the gate'],
    ] as const) {
      const { code, err } = await runCliHere(['merge', `bad/${name}.json`], { folder })
      expect([code, err]).toEqual([2, expect.stringContaining(words)])
    }
    expect(existsSync(join(folder, '..', 'away.json'))).toBe(false)
  })

  it('of a dead endpoint are void, not judged', async () => {
    const dead = await runCliHere(
      ['run', '--report-dir', 'dead', '--endpoint-url', simulator.faultUrl('http-500')],
      { folder },
    )
    expect(dead.code).toBe(3)
    const { code, out } = await runCliHere(
      ['compare', 'dead/runs/chat.json', '--with', 'a/runs/chat.json', 'b/runs/chat.json'],
      { folder },
    )
    expect(code).toBe(3)
    expect(out).toContain('could not measure: chat: the endpoint fails (HTTP 500)')
  })

  it('are recorded later, by the printed command, after the store had refused them', async () => {
    const bare = join(folder, 'store.git')
    execFileSync('git', ['init', '-q', '--bare', bare])
    execFileSync('git', ['-C', bare, 'config', 'http.receivepack', 'true'])
    const refusing = await startGitServer({ root: folder, readOnly: true })
    const remote = refusing.url.replace('remote.git', 'store.git')
    const lost = await runCliHere(['record', '--remote', remote], { folder })
    // What could not be written is not said to have begun.
    const accept = ['accept', '--gate', 'chat', '--reason', 'larger model', '--remote', remote]
    const refused = await runCliHere(accept, { folder })
    expect([refused.code, refused.out]).toEqual([3, ''])
    await refusing.close()
    expect(lost.code).toBe(3)
    expect(lost.err).toContain('chat: could not be stored in branch inference-gate')
    const comment = readFileSync(join(folder, 'inference-gate-report/comment.md'), 'utf8')
    const printed = /inference-gate record --results [^`\n]+/.exec(comment)?.[0] ?? ''
    const words = wordsOf(printed).slice(1)
    expect(words).toEqual([
      ...['record', '--results', 'inference-gate-report/runs/*.json'],
      ...['--remote', remote, '--branch', 'inference-gate'],
    ])
    // The same repository, now that it may be written to.
    const allowed = words.map((word) => (word === remote ? bare : word))
    const later = await runCliHere(allowed, { folder })
    expect([later.code, later.err]).toEqual([0, expect.stringContaining('chat: recorded')])
    const history = await runCliHere(['history', '--remote', bare], { folder })
    expect(history.out.match(/ accepted /g)).toHaveLength(1)
  })

  it('of a gate that the config does not have are refused, never skipped', async () => {
    const other = folderWith(configText({ url: simulator.url }).replace('  chat:', '  talk:'))
    const { code, err } = await runCliHere(
      ['record', '--results', join(folder, 'a/runs/chat.json')],
      { folder: other },
    )
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('run files of chat; the gates here are talk'),
    ])
  })
})

describe('several gates', () => {
  const both = (url: string, other: string) =>
    configText({ url })
      .replace('confirm: none\n', '')
      .concat(configText({ url: other }).replace('gates:\n', '').replace('  chat:', '  summary:'))
      .replaceAll('requests: 60', 'requests: 24')

  it('measure one of them at another URL, where it is named', async () => {
    const folder = folderWith(both(simulator.url, `${simulator.url}?zone=b`))
    const url = ['--endpoint-url', `${simulator.url}?zone=c`]
    const all = await runCliHere(['run', ...url], { folder })
    expect([all.code, all.err]).toEqual([2, expect.stringContaining('--gate')])
    const one = await runCliHere(['run', '--gate', 'summary', ...url], { folder })
    expect(one.code).toBe(0)
    const report = JSON.parse(
      readFileSync(join(folder, 'inference-gate-report/report.json'), 'utf8'),
    )
    expect(report.gates.map(({ name }: { name: string }) => name)).toEqual(['summary'])
  })

  it('keep what one measured, also when the other is down', async () => {
    const folder = folderWith(both(simulator.url, simulator.faultUrl('http-401')))
    const { code, out } = await runCliHere(['run'], { folder })
    expect(code).toBe(3)
    expect(out).toContain('refuses the key')
    expect(existsSync(runsOf(folder))).toBe(true)
  })
})

describe('a baseline on a git branch', () => {
  it('is written and read with the same commands', async () => {
    const folder = folderWith(small({ url: simulator.url }))
    const remote = join(folder, 'remote.git')
    execFileSync('git', ['init', '-q', '--bare', remote])
    const store = ['--remote', remote, '--branch', 'levels']
    const { code, err } = await runCliHere(['record', '--times', '2', ...store], { folder })
    expect(err.match(/recorded in branch levels/g)).toHaveLength(2)
    expect(code).toBe(0)
    const history = await runCliHere(['history', ...store], { folder })
    expect(history.out).toContain('chat, from branch levels')
    const lost = await runCliHere(['run', '--remote', join(folder, 'no.git')], { folder })
    expect([lost.code, lost.err]).toEqual([3, expect.stringContaining('no.git')])
  })
})

describe('a run in a checkout', () => {
  it('knows its commit and branch, unless CI says otherwise', async () => {
    const folder = folderWith(small({ url: simulator.url }))
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
        encoding: 'utf8',
      }).trim()
    git('init', '-q', '-b', 'faster')
    git('commit', '-q', '--allow-empty', '-m', 'x')
    const provenance = async (env: Readonly<Record<string, string>>) => {
      expect((await runCliHere(['run'], { folder, env })).code).toBe(0)
      return JSON.parse(readFileSync(runsOf(folder), 'utf8')).provenance
    }
    const commit = git('rev-parse', 'HEAD')
    const config = 'inference-gate.yml'
    expect(await provenance({})).toEqual({ commit, branch: 'faster', config })
    const ci = { CI_COMMIT_SHA: 'abc123', CI_COMMIT_REF_NAME: 'main' }
    expect(await provenance(ci)).toEqual({ commit: 'abc123', branch: 'main', config })
  })
})

describe('run --compare-endpoints', () => {
  const two = (slow: string) =>
    `gates:
  here:
    endpoint: {url: "${simulator.url}", model: simulated}
    workload: {requests: 24, concurrency: 2, max_client_delay: 2s}
  there:
    endpoint: {url: "${slow}", model: simulated}
    workload: {requests: 24, concurrency: 2, max_client_delay: 2s}
`

  it('measures the gates in alternation and puts them side by side', async () => {
    const folder = folderWith(two(simulator.slowUrl))
    const { code, out, err } = await runCliHere(['run', '--compare-endpoints'], { folder })
    expect(code).toBe(0)
    expect(out).toContain('Side by side: 2 endpoints')
    expect(out).toContain('Measured in alternation, within the same minutes.')
    expect(err.indexOf('here: turn 1 of 4')).toBeLessThan(err.indexOf('there: turn 1 of 4'))
    expect(err.indexOf('there: turn 2 of 4')).toBeLessThan(err.indexOf('here: turn 2 of 4'))
    expect(existsSync(join(folder, 'inference-gate-report/side-by-side.html'))).toBe(true)
    const again = ['compare', '--table', ...['here', 'there'].map(savedRun)]
    expect((await runCliHere(again, { folder })).out).toContain('Side by side: 2 endpoints')
  })

  it('shows the others where one is down, and says which was not measured', async () => {
    const folder = folderWith(two('http://127.0.0.1:9/v1'))
    const { code, out, err } = await runCliHere(['run', '--compare-endpoints'], { folder })
    expect(code).toBe(3)
    expect(out).toMatch(/here .*24 /)
    expect(err).toContain('warning: there: ')
  })

  it('of one gate is a mistake of the command line', async () => {
    const folder = folderWith(two('http://127.0.0.1:9/v1'))
    const args = ['run', '--compare-endpoints', '--gate', 'here']
    const { code, err } = await runCliHere(args, { folder })
    expect(code).toBe(2)
    expect(err).toContain('--compare-endpoints has 1 gate; it needs 2 or more')
  })
})

describe('sweep', () => {
  const config = (more = '') => `gates:
  chat:
    endpoint: {url: "${simulator.url}", model: simulated}
    workload: {requests: 20, max_output_tokens: 4, max_client_delay: 2s}
    limits: {ttft_p95: {ceiling: 20s}}
${more}`
  const said = (text: string, ...args: string[]) =>
    runCliHere(['sweep', '--config', 'inference-gate.yml', ...args], { folder: folderWith(text) })

  it('says up to which rate the endpoint holds, and keeps every run and a page', async () => {
    const folder = folderWith(config())
    const args = ['sweep', '--from', '20/s', '--to', '40/s', '--requests', '20']
    const { code, out } = await runCliHere(args, { folder })
    expect(code).toBe(0)
    expect(out).toContain('chat: holds up to 40/s, the highest rate that was tried')
    expect(out).toMatch(/20\/s +20 .*yes/)
    const kept = (name: string) => existsSync(join(folder, 'inference-gate-report', name))
    expect(kept('sweep.html')).toBe(true)
    expect(kept('sweep/chat.20-per-second.json')).toBe(true)
    expect(kept('sweep/chat.40-per-second.json')).toBe(true)
  })

  it.each([
    [['--from', 'fast'], '--from is "fast"; it takes a rate above 0, as 2/s or 30/min'],
    [['--to', '0/s'], '--to is "0/s"; it takes a rate above 0'],
    [['--from', '4/s', '--to', '2/s'], '--to is 2/s, below --from, which is 4/s'],
    [['--requests', '3'], '--requests is 3; a rate needs 20 or more to show a queue'],
  ])('%j is one sentence', async (args, sentence) => {
    const { code, err } = await said(config(), ...args)
    expect(code).toBe(2)
    expect(err).toContain(sentence)
  })

  it('is of one gate', async () => {
    const second = '  search:\n    endpoint: {url: "http://127.0.0.1:9/v1", model: m}\n'
    const { code, err } = await said(config(second))
    expect(code).toBe(2)
    expect(err).toContain('the config has 2 gates (chat, search); a sweep is of one')
  })
})

const savedRun = (gate: string) => `inference-gate-report/runs/${gate}.json`

describe('simulate', () => {
  it('serves until it is stopped, and says where', async () => {
    const stop = new AbortController()
    const running = runCliHere(['simulate', '--port', '0', '--json', '--api-key', 'k'], {
      folder: parent,
      signal: stop.signal,
    })
    stop.abort()
    const { code, out } = await running
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ url: expect.stringMatching(/127\.0\.0\.1:\d+\/v1$/) })
  })
})
