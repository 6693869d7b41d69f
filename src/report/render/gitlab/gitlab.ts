// What GitLab shows of a gate in a merge request: a metrics report, which it compares with the target
// branch's own, and a note, which is the comment of a pull request with GitLab's commands disarmed.

import type { JobResult, MetricJudgement } from '../../../model/verdict.ts'
import { escapeMetricLabel } from '../escape.ts'

/** How a note is found again, to be edited in place. */
export const NOTE_MARKER = '<!-- inference-gate:v1 -->'

/** Lines of the Prometheus text format. What is no finite number has no line. */
export function gitlabMetrics({ gates }: JobResult): string {
  const lines = gates.flatMap((gate) => [
    ...gate.metrics.flatMap((metric) => line(nameOf(metric), gate.gate, metric.candidate)),
    ...line('inference_gate_requests', gate.gate, gate.requests),
    ...line('inference_gate_spent_usd', gate.gate, gate.spent.usd),
  ])
  return lines.map((text) => `${text}\n`).join('')
}

/** A line that starts with a slash would be a command, given with the rights of who posts it. */
export function gitlabNote(comment: string): string {
  return `${NOTE_MARKER}\n${comment.replace(/^(\s*)\//gm, '$1&#47;')}`
}

/** The unit last, where the name does not say it. */
function nameOf({ id, unit }: MetricJudgement): string {
  const suffix = { ms: '_ms', USD: '_usd', ratio: '_ratio' }[unit as string] ?? ''
  return `inference_gate_${id.replace(/\W/g, '_')}${suffix}`
}

function line(name: string, gate: string, value: number | undefined): readonly string[] {
  if (value === undefined || !Number.isFinite(value)) return []
  return [`${name}{gate="${escapeMetricLabel(gate)}"} ${value}`]
}
