// A baseline in one go: so many runs, begun so often. It ends with the first that is not recorded, since
// those after it would be compared with a baseline that is not there.

import { setTimeout } from 'node:timers/promises'
import { parseDuration } from '../config/config.ts'

export type RunSeries = { readonly times: number; readonly everyMs: number }

const MOST_TIMES = 100

/** The texts as given, empty where left out; `named` says where each was given. */
export function seriesOf(
  { times, every }: { readonly times: string; readonly every: string },
  named: (option: 'times' | 'every') => string,
): { readonly series: RunSeries; readonly problems: readonly string[] } {
  const isTimes = times === '' || (/^\d{1,3}$/.test(times) && isWithin(Number(times)))
  const isEvery = every === '' || /^\d+(\.\d+)? ?(ms|s|m|h|d)$/.test(every)
  const wrongTimes = `${named('times')} is "${times}"; it takes a whole number from 1 to ${MOST_TIMES}`
  const wrongEvery = `${named('every')} is "${every}"; it takes a duration with its unit, as 30s or 5m`
  return {
    series: {
      times: isTimes && times !== '' ? Number(times) : 1,
      everyMs: isEvery && every !== '' ? (parseDuration(every) ?? 0) : 0,
    },
    problems: [...(isTimes ? [] : [wrongTimes]), ...(isEvery ? [] : [wrongEvery])],
  }
}

function isWithin(times: number): boolean {
  return times >= 1 && times <= MOST_TIMES
}

export type SeriesSetting = {
  readonly series: RunSeries
  readonly signal: AbortSignal
  readonly announce: (text: string) => void
}

/** What the last run came to. `record` is told whether it is the first. */
export async function recordSeries<Result>(
  { series: { times, everyMs }, signal, announce }: SeriesSetting,
  record: (isFirst: boolean) => Promise<Result>,
  isRecorded: (result: Result) => boolean,
): Promise<Result> {
  for (let run = 1; ; run++) {
    const begunMs = performance.now()
    if (times > 1) announce(`run ${run} of ${times}`)
    const result = await record(run === 1)
    if (run >= times || !isRecorded(result) || signal.aborted) return result
    await untilDue(everyMs - (performance.now() - begunMs), signal)
  }
}

async function untilDue(waitMs: number, signal: AbortSignal): Promise<void> {
  // Stopped while it waits: the next run ends at once and says so.
  if (waitMs > 0) await setTimeout(waitMs, undefined, { signal }).catch(() => undefined)
}
