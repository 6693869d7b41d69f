// The numbers that the pages take from the code: each is held against the constant it stands for, so that
// changing the one without the other fails here.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'

const ROOT = new URL('../', import.meta.url)
const textOf = (path: string) => readFileSync(new URL(path, ROOT), 'utf8')

/** `const NAME = …` or a member `name: …` of a file, as a number. */
function numberIn(file: string, name: string): number {
  const written = new RegExp(`\\b${name}(?: = |: )([-0-9._exa-f*/+<() ]+?)[,\\n}]`).exec(
    textOf(file),
  )
  if (written?.[1] === undefined) throw new Error(`no number ${name} in ${file}`)
  return Number(new Function(`return (${written[1]})`)())
}

const KIB = 1024
const MIB = 1024 * KIB
const SHARE = 0.01
const SECOND = 1000
const WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']

type Row = readonly [page: string, said: RegExp, file: string, name: string, unit?: number]

/** What a page says, the number in the brackets; where it comes from; and in what unit the page says it. */
const ROWS: readonly Row[] = [
  [
    'docs/baselines.md',
    /the first (\w+) runs of the present baseline epoch/,
    'model/store',
    'ANCHOR_RUNS',
  ],
  ['docs/baselines.md', /the newest (\w+) held runs/, 'wire/files/prune-store', 'HELD_RUNS'],
  [
    'docs/before-and-after.md',
    /a server of one's own \| ([\d.]+) %/,
    'stats/between-measurements',
    'OWN',
    SHARE,
  ],
  [
    'docs/before-and-after.md',
    /any other \| ([\d.]+) %/,
    'stats/between-measurements',
    'SHARED',
    SHARE,
  ],
  [
    'docs/before-and-after.md',
    /With the ([\d.]+) % of each/,
    'model/verdict-policy',
    'DEPLOYMENT_SPREAD',
    SHARE,
  ],
  [
    'docs/dialects.md',
    /larger than (\d+) KiB/,
    'wire/events/framing',
    'DEFAULT_EVENT_LIMIT_BYTES',
    KIB,
  ],
  ['docs/imports.md', /Up to ([\d ]+) requests are read/, 'model/run', 'MOST_RECORDS'],
  ['docs/imports.md', /more than (\d+) MiB is read as it comes/, 'disk/disk', 'MAX_BYTES', MIB],
  ['docs/imports.md', /Past (\d+) MiB of that/, 'wire/imports/large-file', 'MOST_KEPT_BYTES', MIB],
  [
    'docs/imports.md',
    /below (\d+) % of it the run is invalid/,
    'measure/self-check/self-check',
    'loadReached',
    SHARE,
  ],
  [
    'docs/measurement.md',
    /`timeout` \((\d+) minutes\)/,
    'measure/load/readiness',
    'COLD_TIMEOUT_MS',
    60 * SECOND,
  ],
  [
    'docs/measurement.md',
    /taken to be uncertain by (\d+) %/,
    'judge/compare/single-metric',
    'COLD_START_SPREAD',
    SHARE,
  ],
  [
    'docs/measurement.md',
    /a wave, at most (\d+) requests/,
    'measure/plan/spare-warmup',
    'LARGEST_BATCH',
  ],
  ['docs/measurement.md', /within ([\d.]+) times its median/, 'stats/settling', 'EXPECTED'],
  [
    'docs/measurement.md',
    /given up to (\d+) requests to become faster/,
    'stats/settling',
    'PATIENCE',
  ],
  [
    'docs/measurement.md',
    /up to (\w+) batches of/,
    'measure/plan/spare-warmup',
    'BATCHES_OF_PROBES',
  ],
  [
    'docs/measurement.md',
    /It ends after (\d+) requests/,
    'measure/plan/spare-warmup',
    'MOST_SETTLING',
  ],
  [
    'docs/measurement.md',
    /ends after \d+ requests, (\d+) minutes/,
    'measure/load/warm-up',
    'LONGEST_MS',
    60 * SECOND,
  ],
  [
    'docs/measurement.md',
    /no JSON or larger than (\d+) KiB/,
    'wire/events/framing',
    'DEFAULT_EVENT_LIMIT_BYTES',
    KIB,
  ],
  ['docs/measurement.md', /larger than (\d+) MiB \+/, 'measure/load/answer-bounds', 'BYTES', MIB],
  [
    'docs/measurement.md',
    /MiB \+ (\d+) KiB per token/,
    'measure/load/answer-bounds',
    'BYTES_PER_TOKEN',
    KIB,
  ],
  ['docs/measurement.md', /more than ([\d,]+) reads/, 'measure/load/answer-bounds', 'READS'],
  [
    'docs/measurement.md',
    /reads \+ (\d+) per token/,
    'measure/load/answer-bounds',
    'READS_PER_TOKEN',
  ],
  [
    'docs/measurement.md',
    /at most (\d+) characters, no control/,
    'measure/load/detail',
    'LONGEST_DETAIL',
  ],
  [
    'docs/measurement.md',
    /at most (\d+) KiB are read/,
    'measure/load/answer-bounds',
    'REFUSAL_BODY_BYTES',
    KIB,
  ],
  ['docs/measurement.md', /a body gets (\w+) second/, 'measure/load/due', 'DRAIN_MS', SECOND],
  [
    'docs/measurement.md',
    /at most (\d+) KiB are kept/,
    'measure/load/kept-answer',
    'LONGEST_ANSWER',
    KIB,
  ],
  [
    'docs/measurement.md',
    /of all together (\d+) MiB/,
    'measure/load/kept-answer',
    'ALL_ANSWERS',
    MIB,
  ],
  [
    'docs/measurement.md',
    /takes more than (\w+) seconds over/,
    'measure/load/check-answers',
    'PATIENCE_MS',
    SECOND,
  ],
  ['docs/measurement.md', /seconds over (\d+) answers/, 'measure/load/check-answers', 'AT_ONCE'],
  [
    'docs/measurement.md',
    /beginnings \((\d+) characters/,
    'measure/load/check-answers',
    'LONGEST_BEGINNING',
  ],
  [
    'docs/measurement.md',
    /at most (\d+) MB and \d+ s a look/,
    'measure/scrape/scrape',
    'LARGEST_LOOK_BYTES',
    MIB,
  ],
  [
    'docs/measurement.md',
    /MB and (\d+) s a look/,
    'measure/scrape/scrape',
    'LOOK_TIMEOUT_MS',
    SECOND,
  ],
  ['docs/measurement.md', /a look, (\d+) MB and/, 'measure/scrape/scrape', 'LARGEST_BYTES', MIB],
  ['docs/measurement.md', /MB and (\d+) looks a run/, 'measure/scrape/scrape', 'MOST_LOOKS'],
  [
    'docs/measurement.md',
    /or (\d+) % of the median TTFT/,
    'measure/self-check/client-delay',
    'voids',
    SHARE,
  ],
  [
    'docs/measurement.md',
    /is more; from (\d+) % on/,
    'measure/self-check/client-delay',
    'warns',
    SHARE,
  ],
  [
    'docs/measurement.md',
    /mean concurrency \| ([\d.]+) \|/,
    'measure/self-check/self-check',
    'loadReached',
  ],
  [
    'docs/measurement.md',
    /`warmup: 0` \| (\d+) % \|/,
    'measure/self-check/self-check',
    'unwarmedShare',
    SHARE,
  ],
  [
    'docs/measurement.md',
    /monotonic clock \| (\d+) ms/,
    'measure/self-check/self-check',
    'clockDriftMs',
  ],
  [
    'docs/measurement.md',
    /ms and ([\d.]+) % of the run/,
    'measure/self-check/self-check',
    'clockDriftShare',
    SHARE,
  ],
  [
    'docs/measurement.md',
    /usage differs by more than (\d+) %/,
    'measure/self-check/usage-disagreement',
    'TOLERANCE',
    SHARE,
  ],
  [
    'docs/measurement.md',
    /end for\s+(\d+) s \(or their/,
    'measure/load/session',
    'DEADLINE_GRACE_MS',
    SECOND,
  ],
  [
    'docs/security.md',
    /One event is at most (\d+) KiB/,
    'wire/events/framing',
    'DEFAULT_EVENT_LIMIT_BYTES',
    KIB,
  ],
  ['docs/security.md', /one answer at most (\d+) MiB/, 'measure/load/answer-bounds', 'BYTES', MIB],
  [
    'docs/security.md',
    /MiB and (\d+) KiB for each token/,
    'measure/load/answer-bounds',
    'BYTES_PER_TOKEN',
    KIB,
  ],
  [
    'docs/security.md',
    /\((\d+) KiB for each text to embed/,
    'measure/load/answer-bounds',
    'BYTES_PER_ITEM',
    KIB,
  ],
  [
    'docs/security.md',
    /body of a refusal at most (\d+) KiB/,
    'measure/load/answer-bounds',
    'REFUSAL_BODY_BYTES',
    KIB,
  ],
  [
    'docs/security.md',
    /KiB and (\w+) seconds, a head/,
    'measure/load/due',
    'REFUSAL_BODY_MS',
    SECOND,
  ],
  [
    'docs/security.md',
    /a head at most (\d+) lines/,
    'measure/load/response-overhead',
    'MOST_HEAD_LINES',
  ],
  [
    'docs/security.md',
    /follows a body at most (\d+) KiB/,
    'measure/load/response-overhead',
    'MOST_TRAILING_BYTES',
    KIB,
  ],
  [
    'docs/security.md',
    /counted, and at most (\d+) MiB/,
    'measure/load/held-bytes',
    'MOST_HELD_BYTES',
    MIB,
  ],
  ['docs/security.md', /is copied into (\d+) KiB/, 'measure/load/after-reads', 'ROOM_BYTES', KIB],
  [
    'docs/security.md',
    /more than ([\d,]+) values is not read/,
    'measure/load/event-values',
    'MOST_VALUES',
  ],
  ['docs/security.md', /ask for and (\d+) at least/, 'model/in-flight', 'COMMON_IN_FLIGHT'],
  [
    'schema/config.schema.json',
    /"x-default": "(\d+); 320 for an API/,
    'config/read-workload',
    'DEFAULT_REQUESTS',
  ],
  [
    'schema/config.schema.json',
    /"(\d+) where `requests` is left out too/,
    'config/read-workload',
    'DEFAULT_PROBES',
  ],
  [
    'schema/config.schema.json',
    /"(\d+), unless `arrivals`/,
    'config/read-workload',
    'DEFAULT_CONCURRENCY',
  ],
  ['schema/config.schema.json', /`arrivals` (\w+) seconds of them/, 'model/one-wave', 'SECONDS'],
  ['schema/config.schema.json', /of them, at least (\d+) and at most/, 'model/one-wave', 'FEWEST'],
  [
    'schema/config.schema.json',
    /at least \d+ and at most (\d+)\), and more/,
    'model/one-wave',
    'MOST',
  ],
  ['schema/config.schema.json', /needs at least (\d+) for p50/, 'stats/threshold', 'FEWEST'],
  [
    'schema/config.schema.json',
    /ask for, and (\d+) at least/,
    'model/in-flight',
    'COMMON_IN_FLIGHT',
  ],
  [
    'schema/config.schema.json',
    /"x-default": "([\d.]+)%"/,
    'model/verdict-policy',
    'DEPLOYMENT_SPREAD',
    SHARE,
  ],
]

function numberOf(said: string): number {
  const word = WORDS.indexOf(said)
  return word === -1 ? Number(said.replace(/[ ,]/g, '')) : word
}

describe('the numbers of the pages', () => {
  it('says how near the ends of a sweep come', () => {
    const said = /until its ends are (\d+) % apart/.exec(textOf('docs/choosing.md'))?.[1]
    expect(1 + Number(said) * SHARE).toBeCloseTo(numberIn('src/gate/sweep.ts', 'PRECISION'), 9)
  })

  it.each(ROWS)('%s, %s, is %s: %s', (page, said, file, name, unit = 1) => {
    const found = said.exec(textOf(page))?.[1] ?? 'nothing'
    expect(numberOf(found) * unit).toBeCloseTo(numberIn(`src/${file}.ts`, name), 9)
  })

  it('of what a gate sends are those of its plan', () => {
    const defaults = ['DEFAULT_REQUESTS', 'DEFAULT_PROBES', 'DEFAULT_CONCURRENCY']
    const one = defaults.reduce(
      (sum, name) => sum + numberIn('src/config/read-workload.ts', name),
      0,
    )
    expect(textOf('schema/config.schema.json')).toContain(`Four gates plan ${4 * one} by default`)
    expect(textOf('src/config/write-starter.ts')).toContain(`A run takes ${one} requests;`)
    expect(textOf('docs/decisions/0010-default-limits.md')).toContain(
      `plan is then ${one} requests`,
    )
  })

  it('of the defaults are those of the schema', () => {
    const schema = JSON.parse(textOf('schema/config.schema.json'))
    const text = textOf('docs/baselines.md')
    const { keep, max_age } = schema.$defs.baseline.properties
    expect(text).toContain(`\`baseline.keep\` accepted runs (${keep.default})`)
    expect(text).toContain(`\`baseline.max_age\` (${max_age.default.replace('d', ' days')})`)
    const { max_client_delay } = schema.$defs.workload.properties
    const delay = max_client_delay.default.replace('ms', ' ms')
    expect(textOf('docs/measurement.md')).toContain(`\`workload.max_client_delay\` (${delay})`)
    const { timeout } = schema.$defs.readiness.properties
    expect(textOf('docs/measurement.md')).toContain(`(${timeout.default.replace('m', ' minutes')})`)
  })
})
