// llama.cpp's server, started with --metrics:
// https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
// It counts the seconds of prompts without saying of how many, so there is no prefill of a request;
// and the tokens it computed apart from those it found in its cache.

import type { Exporter } from './exporter.ts'

export const LLAMA_CPP: Exporter = {
  engine: 'llama.cpp',
  title: 'llama.cpp',
  mark: /^llamacpp:/,
  gauges: {
    running: { names: ['llamacpp:requests_processing'] },
    waiting: { names: ['llamacpp:requests_deferred'] },
    kvCacheUse: { names: ['llamacpp:kv_cache_usage_ratio'] },
  },
  tallies: {
    prefixHits: {
      sum: { names: ['llamacpp:prompt_tokens_cached_total'] },
      count: {
        names: ['llamacpp:prompt_tokens_cached_total'],
        plus: 'llamacpp:prompt_tokens_total',
      },
    },
  },
}
