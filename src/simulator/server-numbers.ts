// What a version counts of itself, and how it exports it: in the words of vLLM, so that whoever reads
// a vLLM reads this. The numbers are the truth of the log, summed.

/** Sums of milliseconds and tokens since the start; `running` and `waiting` are of this moment. */
export type ServerNumbers = {
  running: number
  waiting: number
  /** Share of the places in use; 0 where there is no limit to them. */
  kvCacheUse: number
  served: number
  queueMs: number
  prefillMs: number
  prefixQueries: number
  prefixHits: number
}

export function noNumbers(): ServerNumbers {
  return {
    running: 0,
    waiting: 0,
    kvCacheUse: 0,
    served: 0,
    queueMs: 0,
    prefillMs: 0,
    prefixQueries: 0,
    prefixHits: 0,
  }
}

export function metricsText(numbers: ServerNumbers): string {
  const { served, queueMs, prefillMs } = numbers
  return [
    ...gauge('num_requests_running', 'Requests that are served.', numbers.running),
    ...gauge('num_requests_waiting', 'Requests that wait for a place.', numbers.waiting),
    ...gauge('kv_cache_usage_perc', 'Share of the places in use.', numbers.kvCacheUse),
    ...histogram('request_queue_time_seconds', 'Time before service.', [queueMs, served]),
    ...histogram('request_prefill_time_seconds', 'Service to first token.', [prefillMs, served]),
    ...counter('prefix_cache_queries', 'Prompt tokens looked for.', numbers.prefixQueries),
    ...counter('prefix_cache_hits', 'Prompt tokens found.', numbers.prefixHits),
    ...counter('num_preemptions', 'Requests that lost their place.', 0),
    '',
  ].join('\n')
}

const LABELS = '{engine="0",model_name="simulated"}'

function gauge(name: string, help: string, value: number): readonly string[] {
  return [...head(name, help, 'gauge'), `vllm:${name}${LABELS} ${value}`]
}

function counter(name: string, help: string, value: number): readonly string[] {
  return [...head(name, help, 'counter'), `vllm:${name}_total${LABELS} ${value}`]
}

function histogram(
  name: string,
  help: string,
  [ms, count]: readonly [number, number],
): readonly string[] {
  return [
    ...head(name, help, 'histogram'),
    `vllm:${name}_bucket{engine="0",le="+Inf",model_name="simulated"} ${count}`,
    `vllm:${name}_count${LABELS} ${count}`,
    `vllm:${name}_sum${LABELS} ${ms / 1000}`,
  ]
}

function head(name: string, help: string, type: string): readonly string[] {
  return [`# HELP vllm:${name} ${help}`, `# TYPE vllm:${name} ${type}`]
}
