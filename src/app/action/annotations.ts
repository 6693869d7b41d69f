// What GitHub shows beside the job and on the config's own lines. A quiet job has none.

import type { Annotation } from '../../github/github.ts'
import type { ConfigIssue } from '../../model/config.ts'
import type { JobResult } from '../../model/verdict.ts'
import { droppedInShort, reportTexts, steppedInShort } from '../../report/report.ts'

export function issueAnnotations(issues: readonly ConfigIssue[]): readonly Annotation[] {
  return issues.map(({ file, line, column, path, message, severity = 'error' }) => ({
    level: severity,
    title: 'Inference Gate config',
    message: path === '' ? message : `${path}: ${message}`,
    file,
    line,
    column,
  }))
}

/** One a failing metric, one a void gate, one for a level that stepped or a baseline not stored. */
export function resultAnnotations(jobResult: JobResult): readonly Annotation[] {
  const texts = reportTexts(jobResult)
  const ofGates = jobResult.gates.flatMap((gate, position) => {
    const words = texts.gates[position]
    const title = `Inference Gate: ${gate.gate}`
    const failing = gate.metrics.flatMap((metric, index) =>
      metric.verdict === 'fail'
        ? [{ level: 'error' as const, title, message: `${metric.label}: ${words?.reasons[index]}` }]
        : [],
    )
    const isVoid = gate.verdict === 'invalid'
    const level = jobResult.context.blocking.invalid ? ('error' as const) : ('warning' as const)
    const stepped = gate.notes.flatMap((note) =>
      note.kind === 'level-stepped'
        ? [{ level: 'warning' as const, title, message: steppedInShort(note) }]
        : [],
    )
    const lost = gate.notes.flatMap((note) =>
      note.kind === 'not-stored'
        ? [
            {
              level: 'error' as const,
              title,
              message: `The run was not stored: ${note.problem} It can be stored later with: ${note.command}`,
            },
          ]
        : [],
    )
    const voided = isVoid ? [{ level, title, message: words?.headline ?? 'invalid' }] : []
    return [...failing, ...voided, ...stepped, ...lost]
  })
  const { dropped } = jobResult.context
  if (dropped?.blocks !== true) return ofGates
  const message = `Blocked by policy.dropped_gate: ${droppedInShort(dropped)}`
  return [...ofGates, { level: 'error', title: 'Inference Gate', message }]
}
