// The plan of the house, held against the code: a folder is a noun with one front file, imports form no
// circle, and what is pure imports nothing of the world. Read from the import statements themselves,
// so that a type-only import counts as well.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const src = join(root, 'src')

/** Which folder may import which others. Entrypoints are the files of `src` itself. */
const USES: Readonly<Record<string, readonly string[]>> = {
  '': ['app', 'model'],
  app: [
    'gate',
    'config',
    'measure',
    'judge',
    'baseline',
    'cloud',
    'report',
    'wire',
    'github',
    'disk',
    'simulator',
    'redact',
    'model',
  ],
  gate: ['measure', 'judge', 'baseline', 'report', 'model'],
  report: ['judge', 'stats', 'model'],
  config: ['answer', 'stats', 'model'],
  measure: ['answer', 'wire', 'stats', 'redact', 'model'],
  answer: ['model'],
  judge: ['stats', 'model'],
  baseline: ['wire', 'stats', 'redact', 'model'],
  simulator: ['wire', 'stats', 'model'],
  wire: ['model'],
  github: ['redact', 'model'],
  cloud: ['wire', 'disk', 'redact', 'model'],
  disk: ['redact', 'model'],
  redact: [],
  stats: [],
  model: [],
}

/** Collections: every file is a front of its own. */
const SHELVES = ['model', 'stats']

/** Folders with a front of their own inside a folder that has none for them: what touches the world
 * beside what is pure, and the borders of `wire`, which know nothing of each other. */
const OWN_FRONTS = [
  'app/action',
  'app/cli',
  'app/library',
  'measure/load',
  'measure/scrape',
  'baseline/branch',
  'baseline/folder',
  'wire/dialects',
  'wire/events',
  'wire/exporters',
  'wire/files',
  'wire/imports',
  'wire/json',
]

/** What may use a clock, sockets, the disk, git, the environment. Everything else is pure. */
const WORLD = [
  'app',
  'baseline/branch',
  'baseline/folder',
  'cloud',
  'disk',
  'github',
  'measure/load',
  'measure/scrape',
  'simulator',
]

/** The packages, and where each may be used. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  '@actions/core': ['', 'app', 'github'],
  '@actions/github': ['github'],
  '@octokit/plugin-retry': ['github'],
  '@pydantic/genai-prices': ['app'],
  '@smithy/core': ['wire'],
  ajv: ['answer', 'config', 'wire'],
  aws4: ['cloud'],
  picomatch: ['config'],
  re2js: ['answer'],
  'simple-statistics': ['stats'],
  undici: ['cloud', 'measure/load', 'measure/scrape', 'github'],
  yaml: ['config'],
}

const TOUCHES_WORLD =
  /\b(process\.|Date\.now\(|new Date\(\)|Math\.random\(|performance\.|setTimeout\(|setInterval\(|fetch\(|console\.)/

type Import = { readonly from: string; readonly to: string }

function sourceFiles(): string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.replaceAll('\\', '/'))
    .sort()
}

function textOf(file: string): string {
  return readFileSync(join(src, file), 'utf8')
}

/** Whether the file stands in the folder or below it. */
function isIn(folder: string, file: string): boolean {
  return file.startsWith(`${folder}/`)
}

function topOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : ''
}

function isWorldly(file: string): boolean {
  return topOf(file) === '' || WORLD.some((folder) => isIn(folder, file))
}

function importsOf(file: string): Import[] {
  const pattern =
    /^\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm
  return [...textOf(file).matchAll(pattern)].map((match) => ({
    from: file,
    to: match[1] ?? match[2] ?? match[3] ?? '',
  }))
}

function packageOf(specifier: string): string {
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '')
}

function frontOf(folder: string): string {
  return `${folder}/${folder.split('/').at(-1)}.ts`
}

/** The file through which `from` has to go to reach what stands at `to`. */
function wayIn({ from, to }: Import): string {
  const own = OWN_FRONTS.find((folder) => isIn(folder, to) && !isIn(folder, from))
  if (own !== undefined) return frontOf(own)
  const parts = dirname(to).split('/')
  const folders = parts.map((_, index) => parts.slice(0, index + 1).join('/'))
  const entered = folders.find((folder) => !isIn(folder, from))
  return entered === undefined || SHELVES.includes(entered) ? to : frontOf(entered)
}

function show({ from, to }: Import): string {
  return `${from} imports ${to}`
}

const files = sourceFiles()
const imports = files.flatMap(importsOf)
const local = imports
  .filter(({ to }) => to.startsWith('.') && to.endsWith('.ts'))
  .map(({ from, to }) => ({ from, to: join(dirname(from), to).replaceAll('\\', '/') }))

describe('the folders', () => {
  it('sees the source files and their imports', () => {
    expect(files.length).toBeGreaterThan(200)
    expect(local.length).toBeGreaterThan(800)
  })

  it('uses only the folders that each may use', () => {
    const wrong = local.filter(
      ({ from, to }) => topOf(from) !== topOf(to) && !USES[topOf(from)]?.includes(topOf(to)),
    )
    expect(wrong.map(show)).toEqual([])
  })

  it('has no folder that the plan does not name', () => {
    expect([...new Set(files.map(topOf))].filter((folder) => !(folder in USES))).toEqual([])
  })

  it('enters a folder through its front file', () => {
    const wrong = local.filter(({ from, to }) => wayIn({ from, to }) !== to)
    expect(wrong.map(show)).toEqual([])
  })

  it('has a front file in every folder but the collections, the entrypoints and app', () => {
    const folders = [...new Set(files.map((file) => dirname(file)))].filter(
      (folder) => !['.', 'app', 'wire', ...SHELVES].includes(folder),
    )
    expect(folders.filter((folder) => !existsSync(join(src, frontOf(folder))))).toEqual([])
  })

  it('has no circle among the imports', () => {
    expect(circlesOf(local)).toEqual([])
  })
})

/** Every file that can be reached from itself. */
function circlesOf(arrows: readonly Import[]): string[] {
  const next = new Map<string, string[]>()
  for (const { from, to } of arrows) next.set(from, [...(next.get(from) ?? []), to])
  const done = new Set<string>()
  const found: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(' > '))
    if (path.includes(file) || done.has(file)) return
    for (const to of next.get(file) ?? []) visit(to, [...path, file])
    done.add(file)
  }
  for (const file of next.keys()) visit(file, [])
  return found
}

describe('the pure and the world', () => {
  it('keeps the world out of what is pure', () => {
    const wrong = local.filter(({ from, to }) => !isWorldly(from) && isWorldly(to))
    expect(wrong.map(show)).toEqual([])
  })

  it('keeps each package where it is allowed', () => {
    const wrong = imports
      .filter(({ to }) => !to.startsWith('.') && !to.startsWith('node:'))
      .filter(({ from, to }) => {
        const places = PACKAGES[packageOf(to)] ?? []
        return !places.some((place) => (place === '' ? topOf(from) === '' : isIn(place, from)))
      })
    expect(wrong.map(show)).toEqual([])
  })

  it('keeps node modules out of what is pure, but for the one hash', () => {
    const isHash = ({ from, to }: Import) => from === 'model/digest.ts' && to === 'node:crypto'
    const wrong = imports
      .filter(({ from, to }) => to.startsWith('node:') && !isWorldly(from))
      .filter((one) => !isHash(one))
    expect(wrong.map(show)).toEqual([])
  })

  it('keeps clock, randomness, environment and network out of what is pure', () => {
    const wrong = files
      .filter((file) => !isWorldly(file))
      .flatMap((file) =>
        withoutComments(textOf(file))
          .split('\n')
          .filter((line) => TOUCHES_WORLD.test(line))
          .map((line) => `${file}: ${line.trim()}`),
      )
    expect(wrong).toEqual([])
  })
})

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '')
}

describe('the size of things', () => {
  it('keeps every file below 300 lines', () => {
    const long = files
      .map((file) => ({ file, lines: textOf(file).split('\n').length }))
      .filter(({ lines }) => lines > 301)
    expect(long.map(({ file, lines }) => `${file}: ${lines} lines`)).toEqual([])
  })

  it('has no names that say nothing', () => {
    const nameless = /(^|\/)(utils?|helpers?|common|misc|managers?|core|index)(\/|\.)/
    expect(files.filter((file) => nameless.test(file))).toEqual([])
  })

  it('hands no bare true or false to a function of ours', () => {
    const bare = /\w\((?:[^()]*, )?(?:true|false)(?:, [^()]*)?\)|\), (?:true|false)\)/
    const handing = files.filter((file) => bare.test(withoutComments(textOf(file))))
    expect(handing).toEqual([
      // The YAML package's own, and the chart library's in the reader's browser.
      'config/yaml/edit-yaml.ts',
      'report/history-page/page-script.ts',
      // A list is asked whether it includes one.
      'stats/moment.ts',
    ])
  })

  it('gives one name to one exported type', () => {
    const declared = files.flatMap((file) =>
      [...textOf(file).matchAll(/^(export )?(?:type|interface|class) (\w+)/gm)].map((match) => ({
        file,
        isExported: match[1] !== undefined,
        name: match[2] ?? '',
      })),
    )
    const exported = declared.filter(({ isExported }) => isExported)
    const wrong = exported.filter(({ name }) => declared.filter((one) => one.name === name)[1])
    expect(wrong.map(({ file, name }) => `${name} in ${file}`)).toEqual([])
  })

  it('opens every file with a sentence of what it owns', () => {
    expect(files.filter((file) => !/^(\/\/|\/\*\*|#!)/.test(textOf(file)))).toEqual([])
  })
})

describe('each number', () => {
  /** `const NAME = number` of every file, the numbers as they come out. */
  const constants = files.flatMap((file) =>
    [
      ...withoutComments(textOf(file)).matchAll(
        /^(?:export )?const ([A-Z][A-Z0-9_]*)(?:: number)? = ([-0-9._exa-f*/+<()\s]+)$/gm,
      ),
    ].map(([, name = '', written = '']) => ({ file, name, value: numberOf(written) })),
  )

  it('has one home: no two files give one name to one number', () => {
    expect(constants.length).toBeGreaterThan(200)
    const homes = Map.groupBy(constants, ({ name, value }) => `${name} = ${value}`)
    const twice = [...homes]
      .filter(([, some]) => some.length > 1)
      .map(([what, some]) => [what, ...some.map(({ file }) => file)].join(' '))
    expect(twice).toEqual([])
  })

  it('of the policy is imported, wherever the verdict goes by it', () => {
    const written = /\b(0\.05|1\.645|0\.033)\b/
    const judging = files.filter((file) => ['judge', 'gate'].includes(topOf(file)))
    expect(judging.filter((file) => written.test(withoutComments(textOf(file))))).toEqual([
      // Shares that people write down.
      'judge/calibrate.ts',
    ])
  })

  it('that is a time to first token is subtracted in one file', () => {
    const subtracted = /firstTokenMs\b[^\n]* - [^\n]*\bsentMs\b/
    expect(files.filter((file) => subtracted.test(withoutComments(textOf(file))))).toEqual([
      'model/ttft.ts',
    ])
  })
})

/** Of digits, signs and brackets alone, which is all that the pattern lets through. */
function numberOf(written: string): number {
  return Number(new Function(`return (${written})`)())
}

describe('one way to do one job', () => {
  const filesWith = (pattern: RegExp) =>
    files.filter((file) => pattern.test(textOf(file).replace(/^\s*(\/\/|\*).*$/gm, '')))

  it('parses JSON of others in wire/json, and elsewhere only what is told by column or said by ourselves', () => {
    expect(filesWith(/\bJSON\.parse\(/)).toEqual([
      // Whether an answer is JSON at all: nothing of it is read.
      'answer/compile-expectation.ts',
      // A line of our own simulator, and what starts it.
      'app/cli/demo-endpoint.ts',
      // The user's own prompts, whose mistakes are told by column.
      'config/prompts/jsonl-file.ts',
      // In the reader's browser: what the page itself was given.
      'report/history-page/page-script.ts',
      'simulator/process.ts',
      'wire/json/json-reader.ts',
    ])
  })

  it('draws from one seeded generator, and the simulated world from another', () => {
    expect(filesWith(/\bimul\(|Math\.imul/)).toEqual(['simulator/draw.ts', 'stats/random.ts'])
  })

  it('parses YAML where it is read and where it is edited', () => {
    const parsing = ['config/yaml/edit-yaml.ts', 'config/yaml/read-yaml.ts']
    expect(
      filesWith(/\bparse(All)?Documents?\(/).filter((file) => file.startsWith('config/')),
    ).toEqual(parsing)
  })
})

describe('a measurement', () => {
  const measuring = files.filter((file) => isIn('measure', file))
  const among = (some: readonly string[], pattern: RegExp) =>
    some.filter((file) => pattern.test(withoutComments(textOf(file))))

  it('has one clock for requests, and one for the looks beside them', () => {
    const clock = /\b(performance\.now|hrtime|Date\.now)\b/
    expect(among(measuring, clock)).toEqual(['measure/load/clock.ts', 'measure/scrape/scrape.ts'])
  })

  it('opens sockets to an endpoint in measure/load, and beside it those of the looks', () => {
    const opens = /new (Client|Pool|Agent|ProxyAgent)\(|buildConnector\(/
    const outside = files.filter((file) => !isIn('measure/load', file) && !isIn('simulator', file))
    expect(among(outside, opens)).toEqual([
      // Whoever hands out a cloud's tokens.
      'cloud/ask.ts',
      'measure/scrape/scrape.ts',
    ])
  })

  it('writes nothing: progress is handed out by the session, steps before any load by readiness', () => {
    const under = ['measure/load', 'measure/scrape', 'wire/dialects', 'wire/events']
    const loaded = files.filter((file) => under.some((folder) => isIn(folder, file)))
    expect(among(loaded, /\b(console|stdout|stderr|writeFile\w*|appendFile\w*)\b/)).toEqual([])
    expect(among(loaded, /\bonProgress\b|\bannounce\b/)).toEqual([
      'measure/load/options.ts',
      'measure/load/readiness.ts',
      'measure/load/session.ts',
    ])
  })

  it("counts no tokens of its own under load: a record has the server's, and estimates are made from it", () => {
    const estimating = among(files, /\bestimateUsage\b/)
    expect(estimating).toEqual(['measure/price/price.ts', 'measure/price/token-estimate.ts'])
  })
})

/** What others have written libraries for, and is by hand here. */
const BY_HAND = [
  'app/progress.ts',
  'baseline/branch/data-commit.ts',
  'baseline/branch/data-repository.ts',
  'baseline/branch/git-process.ts',
  'cloud/cloud.ts',
  'config/quantities.ts',
  'config/schema/explain-violation.ts',
  'config/schema/nearest-name.ts',
  'measure/load/tunnel.ts',
  'model/private-address.ts',
  'model/proxy.ts',
  'redact/redact.ts',
  'report/format.ts',
  'report/render/escape.ts',
  'report/render/html/axis.ts',
  'report/render/html/svg.ts',
  'report/render/junit/junit.ts',
  'report/render/text/text-layout.ts',
  'report/render/text/text-table.ts',
  'simulator/draw.ts',
  'stats/alpha-spending.ts',
  'stats/autocorrelation.ts',
  'stats/beta-binomial.ts',
  'stats/binomial.ts',
  'stats/fisher-exact.ts',
  'stats/gamma-variate.ts',
  'stats/holm.ts',
  'stats/incomplete-beta.ts',
  'stats/newcombe.ts',
  'stats/normal-distribution.ts',
  'stats/random.ts',
  'stats/t-distribution.ts',
  'stats/trimmed-mean.ts',
  'wire/events/byte-store.ts',
  'wire/events/json-body.ts',
  'wire/events/ndjson.ts',
  'wire/events/sse.ts',
  'wire/exporters/prometheus-text.ts',
  'wire/imports/condense.ts',
  'wire/imports/tolerant-json.ts',
  'wire/json/json-reader.ts',
]

describe('what is by hand', () => {
  it.each(BY_HAND)('%s says why', (file) => {
    const header = /^(?:\/\/.*\n)+/.exec(textOf(file))?.[0] ?? ''
    expect(header.replace(/\n\/\/ /g, ' ')).toMatch(/[Bb]y hand\b.*[:,] /)
  })
})

describe('the documents', () => {
  const tops = [src, root, join(root, '__tests__'), join(src, 'app', 'cli')]

  it.each(['ARCHITECTURE.md', 'CONTRIBUTING.md'])(
    '%s names files and folders that are there',
    (name) => {
      const named = [...readFileSync(join(root, name), 'utf8').matchAll(/`([\w./-]+(?:\.ts|\/))`/g)]
        .map(([, path = '']) => path)
        // What `npm run package` makes is not there before.
        .filter((path) => path.includes('/') && path !== 'package/')
      expect(named.length).toBeGreaterThan(3)
      expect(named.filter((path) => !tops.some((top) => existsSync(join(top, path))))).toEqual([])
    },
  )

  it('are right in what comments name: files and folders that are there', () => {
    const names = new Set(files.map((file) => file.split('/').at(-1)))
    const folders = files.flatMap((file) => {
      const parts = dirname(file).split('/')
      return parts.map((_, index) => `/${parts.slice(index).join('/')}/`)
    })
    // What people's folders are called, and what a report folder holds.
    const elsewhere = ['pairs/', 'runs/', 'services/chat/']
    const wrong = files.flatMap((file) => {
      const comments = textOf(file).match(/^\s*(?:\/\/|\/?\*).*$/gm) ?? []
      const named = [...comments.join('\n').matchAll(/`([\w./-]+(?:\.ts|\/))`/g)]
      return named.flatMap(([, name = '']) => {
        const isThere = name.endsWith('.ts')
          ? names.has(name.split('/').at(-1))
          : elsewhere.includes(name) || folders.some((folder) => folder.startsWith(`/${name}`))
        return isThere ? [] : [`${file}: ${name}`]
      })
    })
    expect(wrong).toEqual([])
  })

  it('docs/decisions say why of each package that is bundled', () => {
    const manifest: { dependencies: Record<string, string> } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    )
    const folder = join(root, 'docs', 'decisions')
    const said = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
    const names = Object.keys(manifest.dependencies)
    expect(names.filter((name) => !said.join('').includes(`\`${name}\``))).toEqual([])
  })

  it('CONTRIBUTING.md names every script of package.json that a person runs, and no other', () => {
    const manifest: { scripts: Record<string, string> } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    )
    const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
    const named = [
      ...text.matchAll(/`(?:npm run )?((?:bench|try):[a-z-]+)`|npm (?:run )?([a-z]+)\b(?!:)/g),
    ]
      .map(([, spaced, plain]) => spaced ?? plain ?? '')
      .filter((name) => !['ci', 'brings', 'run'].includes(name))
    // What only .ci/run and npm itself call.
    const called = ['coverage:check', 'docs:check', 'preversion', 'version', 'postversion']
    expect([...new Set(named)].sort()).toEqual(
      Object.keys(manifest.scripts)
        .filter((name) => !called.includes(name))
        .sort(),
    )
  })

  it('ARCHITECTURE.md has every folder of src', () => {
    const map = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
    const folders = new Set(files.map(topOf).filter((folder) => folder !== ''))
    expect([...folders].filter((folder) => !map.includes(`| \`${folder}/\``))).toEqual([])
  })

  it('verdicts are made in judge, and elsewhere only where there is nothing to judge', () => {
    const made = /\bverdict: '(passed|failed|inconclusive|no-baseline|invalid)'/
    const elsewhere = files.filter((file) => !isIn('judge', file) && made.test(textOf(file)))
    expect(elsewhere).toEqual(['app/action/publish-report.ts', 'wire/files/report-file.ts'])
  })
})

describe('the runtime', () => {
  it('is Node 24, which the action runs on', () => {
    expect(process.versions.node.split('.')[0]).toBe('24')
  })
})
