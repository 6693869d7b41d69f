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
    const parts = [process.version, instrument, path, source]
    return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  },

  process(source, path, { instrument }) {
    const code = stripTypeScriptTypes(source)
    return { code: instrument ? instrumenter.instrumentSync(code, path) : code }
  },
}
