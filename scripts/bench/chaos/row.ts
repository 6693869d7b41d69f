// One trial and what it has to keep to: it ends in time, with a code that means something, says what
// happened, and loses nothing that was measured.

import type { Ended } from './world.ts'
import { WARMUP } from './world.ts'

export type Row = {
  readonly where: string
  readonly fault: string
  readonly run: () => Promise<Ended | undefined>
  /** Null: the process was killed and has none. */
  readonly codes: readonly (number | null)[]
  readonly withinSeconds: number
  /** What the log has to say. */
  readonly says?: RegExp
  /** Requests that may be gone: those in the memory of a process that was killed. */
  readonly mayLose?: number
  readonly mostPushes?: number
  readonly gates?: number
}

export type Outcome = { readonly cells: readonly string[]; readonly problems: readonly string[] }

export const HEADINGS = ['where', 'fault', 'exit', 'seconds', 'asked', 'lost', 'message']

/** `cleanSeconds`: what a trial without a fault takes, on a machine that may be busy. */
export async function outcomeOf(row: Row, cleanSeconds: number): Promise<Outcome> {
  const ended = await row.run()
  if (ended === undefined) {
    return {
      cells: [row.where, row.fault, '–', '–', '–', '–', 'cannot be tried here'],
      problems: [],
    }
  }
  const lost = Math.max(0, ended.answered - WARMUP * (row.gates ?? 1) - ended.kept)
  const { code, seconds } = ended
  return {
    cells: [
      row.where,
      row.fault,
      String(code ?? 'killed'),
      seconds.toFixed(1),
      String(ended.answered),
      row.mayLose === undefined || lost === 0 ? String(lost) : `${lost} in flight`,
      messageOf(ended.log, row.says),
    ],
    problems: problemsOf(row, ended, { lost, slackSeconds: SLACK * cleanSeconds }),
  }
}

/** Many trials run at once. */
const SLACK = 12

function problemsOf(
  row: Row,
  ended: Ended,
  { lost, slackSeconds }: { readonly lost: number; readonly slackSeconds: number },
): readonly string[] {
  const { code, seconds, log, pushes } = ended
  const name = `${row.where}, ${row.fault}`
  return [
    row.codes.includes(code)
      ? ''
      : `${name}: ended with ${code}; expected ${row.codes.join(' or ')}`,
    seconds <= row.withinSeconds + slackSeconds ? '' : `${name}: took ${seconds.toFixed(0)} s`,
    lost <= (row.mayLose ?? 0) ? '' : `${name}: ${lost} measured requests are lost`,
    row.says === undefined || row.says.test(log) ? '' : `${name}: says nothing of ${row.says}`,
    pushes <= (row.mostPushes ?? Number.POSITIVE_INFINITY) ? '' : `${name}: pushed ${pushes} times`,
    /\n\s+at .*:\d+:\d+/.test(log) ? `${name}: prints a stack trace` : '',
  ].filter((problem) => problem !== '')
}

/** The first annotation, else the line that says it. */
function messageOf(log: string, says: RegExp | undefined): string {
  const lines = log.split('\n')
  const line =
    lines.find((one) => says?.test(one) === true) ??
    lines.find((one) => /^::(error|warning|notice)/.test(one)) ??
    lines.findLast((one) => one !== '') ??
    ''
  const text = line.replace(/^::\w+( [^:]*)?::/, '').replaceAll('|', '\\|')
  return text.length <= 110 ? text : `${text.slice(0, 109)}…`
}
