// SGLang, started with --enable-metrics: https://docs.sglang.ai/references/production_metrics.html
// Its prefix cache is exported as a rate of the last batches only, which says nothing of one run.

import { type Exporter, secondsOf } from './exporter.ts'

export const SGLANG: Exporter = {
  engine: 'sglang',
  title: 'SGLang',
  mark: /^sglang[:_]/,
  gauges: {
    running: { names: ['sglang:num_running_reqs'] },
    waiting: { names: ['sglang:num_queue_reqs'] },
    kvCacheUse: { names: ['sglang:full_token_usage', 'sglang:token_usage'] },
  },
  tallies: {
    queueMs: secondsOf(['sglang:queue_time_seconds']),
    prefixHits: {
      sum: { names: ['sglang:cached_tokens_total'] },
      count: { names: ['sglang:prompt_tokens_total'] },
    },
  },
}
