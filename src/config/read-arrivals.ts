// The arrivals of an open loop: one rate or stages of rates, and how evenly requests come.

import { meanRate } from '../model/arrival-stages.ts'
import type { ArrivalStage, Load } from '../model/config.ts'
import { parseDuration, parseRate } from './quantities.ts'
import type { RawArrivals } from './raw-config.ts'
import type { ConfigReading } from './reading.ts'
import type { Path } from './yaml/yaml.ts'

const MAX_RATE = 10_000
const SHORTEST_STAGE_MS = 1

/** To read on with where the one that is written was reported. */
const ANY_RATE = 1

export function readArrivals(raw: RawArrivals, path: Path, reading: ConfigReading): Load {
  const { process, max_in_flight: maxInFlight } = raw
  checkBurstiness(raw, path, reading)
  const shape = { kind: 'open', process, burstiness: raw.burstiness, maxInFlight } as const
  const stages = readStages(raw, path, reading)
  if (stages === undefined) {
    return { ...shape, ratePerSecond: readRate(raw.rate, [...path, 'rate'], reading) }
  }
  const ratePerSecond = meanRate(stages)
  if (ratePerSecond > 0) return { ...shape, ratePerSecond, stages }
  const message = 'the stages send nothing; expected a rate above 0 in one of them'
  reading.report({ path: [...path, 'stages'], message })
  return { ...shape, ratePerSecond: ANY_RATE }
}

function checkBurstiness(
  { process, burstiness }: RawArrivals,
  path: Path,
  reading: ConfigReading,
): void {
  if (process === 'gamma' && burstiness === undefined) {
    const message = '`process: gamma` needs `burstiness`; expected a number, such as 0.25'
    reading.report({ path: [...path, 'process'], message })
  }
  if (process !== 'gamma' && burstiness !== undefined) {
    const message = `\`burstiness\` belongs to \`process: gamma\`, and this is ${process}; change that, or take this out`
    reading.report({ path: [...path, 'burstiness'], message, pointAt: 'key' })
  }
}

function readStages(
  { rate, stages }: RawArrivals,
  path: Path,
  reading: ConfigReading,
): readonly ArrivalStage[] | undefined {
  if (rate === undefined && stages === undefined) {
    reading.report({ path, message: 'there is no rate; expected `rate` or `stages`' })
  }
  if (rate !== undefined && stages !== undefined) {
    const message = '`rate` and `stages` cannot stand together; keep one'
    reading.report({ path: [...path, 'stages'], message, pointAt: 'key' })
  }
  return stages?.map((stage, index) => {
    const at = [...path, 'stages', String(index)]
    const { rate: from, to = from } = stage
    return {
      fromPerSecond: readStageRate(from, [...at, 'rate'], reading),
      toPerSecond: readStageRate(to, [...at, stage.to === undefined ? 'rate' : 'to'], reading),
      forMs: readLength(stage.for, [...at, 'for'], reading),
    }
  })
}

function readLength(text: string, path: Path, reading: ConfigReading): number {
  const durationMs = parseDuration(text)
  if (durationMs < SHORTEST_STAGE_MS) {
    reading.report({ path, message: `${text} is no length of a stage; expected 1ms or more` })
  }
  return Math.max(SHORTEST_STAGE_MS, durationMs)
}

function readRate(text: string | undefined, path: Path, reading: ConfigReading): number {
  if (text === undefined) return ANY_RATE
  const rate = parseRate(text)
  if (!(rate > 0 && rate <= MAX_RATE)) {
    const message = `${text} cannot be sent; expected more than 0 and at most ${MAX_RATE}/s`
    reading.report({ path, message })
  }
  return rate
}

/** A stage may be a pause. */
function readStageRate(text: string, path: Path, reading: ConfigReading): number {
  const rate = parseRate(text)
  if (rate > MAX_RATE) {
    reading.report({ path, message: `${text} cannot be sent; expected at most ${MAX_RATE}/s` })
  }
  return rate
}
