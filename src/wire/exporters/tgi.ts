// Text Generation Inference: https://huggingface.co/docs/text-generation-inference/reference/metrics
// A prefill is of a batch, so its mean is per batch: near a request's own, and never below it.

import { type Exporter, secondsOf } from './exporter.ts'

export const TGI: Exporter = {
  engine: 'tgi',
  title: 'TGI',
  mark: /^tgi_/,
  gauges: {
    running: { names: ['tgi_batch_current_size'] },
    waiting: { names: ['tgi_queue_size'] },
  },
  tallies: {
    queueMs: secondsOf(['tgi_request_queue_duration']),
    prefillMs: secondsOf(['tgi_batch_inference_duration'], { method: 'prefill' }),
  },
}
