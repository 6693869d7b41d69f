// vLLM, engine V1 and before: https://docs.vllm.ai/en/stable/usage/metrics/

import { type Exporter, secondsOf } from './exporter.ts'

export const VLLM: Exporter = {
  engine: 'vllm',
  title: 'vLLM',
  mark: /^vllm:/,
  gauges: {
    running: { names: ['vllm:num_requests_running'] },
    waiting: { names: ['vllm:num_requests_waiting'] },
    kvCacheUse: { names: ['vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc'] },
  },
  tallies: {
    queueMs: secondsOf(['vllm:request_queue_time_seconds']),
    prefillMs: secondsOf(['vllm:request_prefill_time_seconds']),
    prefixHits: {
      sum: { names: ['vllm:prefix_cache_hits_total', 'vllm:gpu_prefix_cache_hits_total'] },
      count: { names: ['vllm:prefix_cache_queries_total', 'vllm:gpu_prefix_cache_queries_total'] },
    },
    preemptions: { names: ['vllm:num_preemptions_total', 'vllm:num_preemptions'] },
  },
}
