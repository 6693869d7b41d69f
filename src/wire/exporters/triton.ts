// Triton, with the gauges of its TensorRT-LLM backend where that runs:
// https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/user_guide/metrics.html
// The backend's requests wait inside it, so Triton's own queue is only what waits before it.

import type { Exporter } from './exporter.ts'

export const TRITON: Exporter = {
  engine: 'triton',
  title: 'Triton',
  mark: /^nv_(inference|trt_llm)_/,
  gauges: {
    running: { names: ['nv_trt_llm_request_metrics'], labels: { request_type: 'scheduled' } },
    waiting: { names: ['nv_trt_llm_request_metrics'], labels: { request_type: 'waiting' } },
    kvCacheUse: {
      names: ['nv_trt_llm_kv_cache_block_metrics'],
      labels: { kv_cache_block_type: 'fraction' },
    },
  },
  tallies: {
    queueMs: {
      sum: { names: ['nv_inference_queue_duration_us'], factor: 0.001 },
      count: { names: ['nv_inference_request_success'] },
    },
  },
}
