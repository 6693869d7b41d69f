// What the inference server says of itself over a run, as rows of the metric table: one number a run each,
// from the exporter of `endpoint.metrics`. They explain, and judge only where a limit asks for it.

import { none } from './metric-values.ts'

const OF_THE_SERVER = {
  statistic: 'single',
  percentiles: false,
  feeds: 'server',
  unanswered: 'nothing',
  paired: false,
  from: 'server',
  read: () => none,
} as const

/** A doubling is what a pass rules out where the config says nothing; of what falls, a half. */
const LESS_IS_BETTER = { ...OF_THE_SERVER, better: 'lower', mustDetect: 1 } as const
const LONGER = { more: 'longer', less: 'shorter', verb: 'is' } as const
const MORE = { more: 'higher', less: 'lower', verb: 'is' } as const
const MANY = { ...MORE, verb: 'are' } as const

export const SERVER_ROWS = [
  {
    ...LESS_IS_BETTER,
    family: 'server_queue_time',
    label: 'Queue time',
    words: LONGER,
    unit: 'ms',
    course: 'queueMs',
    definition: "mean time that requests waited in the server's queue",
  },
  {
    ...LESS_IS_BETTER,
    family: 'server_prefill_time',
    label: 'Prefill time',
    words: LONGER,
    unit: 'ms',
    course: 'prefillMs',
    definition: 'mean time in which the server computed a prompt',
  },
  {
    ...LESS_IS_BETTER,
    family: 'server_running',
    label: 'Running requests',
    words: MANY,
    unit: 'count',
    course: 'mostRunning',
    definition: 'most requests that the server computed at once',
  },
  {
    ...LESS_IS_BETTER,
    family: 'server_waiting',
    label: 'Waiting requests',
    words: MANY,
    unit: 'count',
    course: 'mostWaiting',
    definition: "most requests that waited in the server's queue at once",
  },
  {
    ...LESS_IS_BETTER,
    family: 'kv_cache_use',
    label: 'KV-cache use',
    words: MORE,
    unit: 'ratio',
    course: 'mostKvCacheUse',
    definition: 'largest share of the KV cache that was in use',
  },
  {
    ...OF_THE_SERVER,
    family: 'prefix_cache_hit_rate',
    label: 'Prefix-cache hit rate',
    words: MORE,
    unit: 'ratio',
    better: 'higher',
    mustDetect: 0.5,
    course: 'prefixHitRate',
    definition: 'share of the prompt tokens (or blocks) that the prefix cache held',
  },
  {
    ...LESS_IS_BETTER,
    family: 'preemptions',
    label: 'Preemptions',
    words: MANY,
    unit: 'count',
    course: 'preemptions',
    definition: 'requests that lost their place to others',
  },
] as const
