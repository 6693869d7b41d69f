// What a server said of itself, as a run file keeps it: one object a look, times to the millisecond.

import {
  ENGINES,
  type ServerMetrics,
  type ServerReading,
  type Tally,
} from '../../model/server-metrics.ts'
import {
  asArray,
  asFlag,
  asNumber,
  asObject,
  asOneOf,
  ForeignData,
  optional,
} from '../json/json.ts'

/** A reader of metrics keeps fewer, in each round. */
export const MOST_READINGS = 4000

export function encodeServerMetrics({ engine, readings }: ServerMetrics): object {
  return {
    engine,
    readings: readings.map(({ atMs, ...reading }) => ({ atMs: Math.round(atMs), ...reading })),
  }
}

export function serverMetricsOf(value: unknown, place: string): ServerMetrics {
  const file = asObject(value, place)
  const readings = asArray(file.readings, `${place}.readings`)
  if (readings.length > MOST_READINGS) {
    throw new ForeignData(`${place}.readings are ${readings.length}, over ${MOST_READINGS}`)
  }
  return {
    engine: asOneOf(file.engine, `${place}.engine`, ENGINES),
    readings: readings.map((reading, i) => readingOf(reading, `${place}.readings[${i}]`)),
  }
}

function readingOf(value: unknown, place: string): ServerReading {
  const file = asObject(value, place)
  const number = (name: string) => optional(file[name], `${place}.${name}`, asNumber)
  const tally = (name: string) => optional(file[name], `${place}.${name}`, tallyOf)
  return {
    atMs: asNumber(file.atMs, `${place}.atMs`),
    ...(optional(file.opens, `${place}.opens`, asFlag) === true ? { opens: true } : {}),
    running: number('running'),
    waiting: number('waiting'),
    kvCacheUse: number('kvCacheUse'),
    queueMs: tally('queueMs'),
    prefillMs: tally('prefillMs'),
    prefixHits: tally('prefixHits'),
    preemptions: number('preemptions'),
  }
}

function tallyOf(value: unknown, place: string): Tally {
  const file = asObject(value, place)
  return {
    sum: asNumber(file.sum, `${place}.sum`),
    count: asNumber(file.count, `${place}.count`),
  }
}
