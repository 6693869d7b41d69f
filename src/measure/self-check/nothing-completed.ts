// A run of the candidate in which no request succeeded. Told by its commonest failure, because that
// is what a person has to fix.

import type { Measurement } from '../../model/measurement.ts'
import type { RequestRecord } from '../../model/request-record.ts'
import type { Invalidity } from '../../model/run.ts'

export function nothingCompleted(
  measurement: Pick<Measurement, 'records' | 'warmup' | 'proxies' | 'login'>,
): Invalidity | undefined {
  const measured = measurement.records.filter((record) => record.arm === 'candidate')
  if (measured.some((record) => record.outcome === 'completed')) return undefined
  // An endpoint that was down in the warm-up was asked nothing more.
  const failed = [
    ...measured,
    ...measurement.warmup.filter(
      (record) => record.arm === 'candidate' && record.outcome !== 'completed',
    ),
  ]
  const common = commonest(failed)
  if (common === undefined) return undefined
  const { outcome, status, detail } = common.example
  return {
    kind: 'nothing-completed',
    outcome,
    count: common.count,
    status,
    detail,
    proxy: measurement.proxies?.candidate,
    login: measurement.login,
  }
}

function commonest(
  failed: readonly RequestRecord[],
): { readonly example: RequestRecord; readonly count: number } | undefined {
  const groups = Map.groupBy(failed, (record) => `${record.outcome} ${record.status}`)
  const [largest] = [...groups.values()].sort((a, b) => b.length - a.length)
  const [example] = largest ?? []
  return example === undefined || largest === undefined
    ? undefined
    : { example, count: largest.length }
}
