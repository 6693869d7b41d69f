// TensorRT-LLM's own server (trtllm-serve), at /prometheus/metrics; its prefix cache is exported as a
// rate since the start, which says nothing of one run.

import { type Exporter, secondsOf } from './exporter.ts'

export const TENSORRT_LLM: Exporter = {
  engine: 'tensorrt-llm',
  title: 'TensorRT-LLM',
  mark: /^trtllm_/,
  gauges: {
    running: { names: ['trtllm_num_requests_running'] },
    waiting: { names: ['trtllm_num_requests_waiting'] },
    kvCacheUse: { names: ['trtllm_kv_cache_utilization'] },
  },
  tallies: {
    queueMs: secondsOf(['trtllm_request_queue_time_seconds']),
    prefillMs: secondsOf(['trtllm_request_prefill_time_seconds']),
    prefixHits: {
      sum: { names: ['trtllm_prompt_cached_tokens_total'] },
      count: { names: ['trtllm_prompt_tokens_total'] },
    },
  },
}
