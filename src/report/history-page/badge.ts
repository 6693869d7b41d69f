// The newest recorded run of a gate as a badge: the JSON that shields.io reads from an address.
// https://shields.io/badges/endpoint-badge

import { metricLabel } from '../../model/metric-label.ts'
import * as format from '../format.ts'
import { shownBy } from './figures.ts'
import type { PageGate } from './page-data.ts'

/** Of the first gate: a badge has one number. */
export function badgeJson(gates: readonly PageGate[]): string {
  const [gate] = gates
  const runs = gate?.runs.filter(({ standing }) => standing !== 'change') ?? []
  const newest = runs.findLast(({ standing }) => standing === 'accepted')
  const isApart = runs.at(-1)?.standing === 'held'
  const [median = ''] = shownBy(newest === undefined ? [] : [newest])
  const p50 = newest?.figures[median]
  return `${JSON.stringify({
    schemaVersion: 1,
    label: `${metricLabel(median)}${gate === undefined || gates.length === 1 ? '' : ` ${gate.name}`}`,
    message:
      p50 === undefined
        ? 'no baseline'
        : `${format.milliseconds(p50.value)}${isApart ? ', newest run regressed' : ''}`,
    color: p50 === undefined ? 'lightgrey' : isApart ? 'red' : 'brightgreen',
  })}\n`
}
