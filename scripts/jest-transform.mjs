// What jest runs of a TypeScript file: its types are blanked out by Node itself, so line numbers stay
// true, and for coverage istanbul's counters are written in. V8's own coverage is read through a
// debugger session of every test file, which costs each of them processor time.

import { createHash } from 'node:crypto'
import { stripTypeScriptTypes } from 'node:module'
import { createInstrumenter } from 'istanbul-lib-instrument'

const instrumenter = createInstrumenter({ esModules: true, compact: false })

export default {
  /** Jest leaves counting to this transform, which can read what is left of a TypeScript file. */
  canInstrument: true,

  getCacheKey(source, path, { instrument }) {
    const parts = [
      process.version,
      instrument,
      path,
      source,
      String(linesAlone),
      String(nearby),
      ...LOOKED_UP,
    ]
    return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  },

  process(source, path, { instrument }) {
    const code = nearby(stripTypeScriptTypes(source))
    return { code: instrument ? linesAlone(instrumenter.instrumentSync(code, path)) : code }
  },
}

const LOOKED_UP = (
  'Array Buffer Date Error Float64Array Infinity JSON Map Math NaN Number Object Promise RegExp Set ' +
  'String Symbol TypeError Uint8Array WeakMap performance process'
).split(' ')

/**
 * A test's global object is a guarded one, where each look at `Math` costs more than what is computed
 * with it: a module gets what it uses of the language by names of its own, on its first line.
 */
function nearby(code) {
  const used = LOOKED_UP.filter((name) => new RegExp(`\\b${name}\\b`).test(code))
  const declared = /^import [^;]*?from|\b(?:class|const|function|let) \w+/gm
  const taken = new Set(code.match(declared)?.flatMap((text) => text.match(/\w+/g) ?? []))
  return (
    used
      .filter((name) => !taken.has(name))
      .map((name) => `const ${name} = globalThis.${name}; `)
      .join('') + code
  )
}

/**
 * Lines have a floor, branches and functions have none, and how often a line ran is of no use: a line
 * that ran is marked in an array. Whole counters make the simulations take two and three times as long.
 */
function linesAlone(code) {
  const name = /^\s*function (cov_\w+)\(\)/m.exec(code)?.[1]
  if (name === undefined) return code
  return code
    .replace(/\n {4}fnMap: [\s\S]*?\n {4}s: /, '\n    fnMap: {},\n    branchMap: {},\n    s: ')
    .replace(
      /\n {4}f: [\s\S]*?\n {4}_coverageSchema/,
      '\n    f: {},\n    b: {},\n    _coverageSchema',
    )
    .replaceAll(new RegExp(`${name}\\(\\)\\.[fb]\\[\\d+\\](?:\\[\\d+\\])?\\+\\+;`, 'g'), '')
    .replaceAll(new RegExp(`${name}\\(\\)\\.b\\[\\d+\\]\\[\\d+\\]\\+\\+, `, 'g'), '')
    .replaceAll(new RegExp(`${name}\\(\\)\\.s\\[(\\d+)\\]\\+\\+`, 'g'), 'covered_[$1] = 1')
    .replace(new RegExp(`^${name}\\(\\);`, 'm'), `const covered_ = ${name}().s;`)
}
