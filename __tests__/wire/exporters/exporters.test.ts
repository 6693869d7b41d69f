// What each engine exports, from texts as they come, and what is no exporter at all.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { readExporter } from '../../../src/wire/exporters/exporters.ts'

function read(engine: string) {
  return readExporter(
    readFileSync(new URL(`../../fixtures/exporters/${engine}.txt`, import.meta.url), 'utf8'),
  )
}

describe('the exporters', () => {
  it('reads vLLM, over all its engines, the fullest for the KV cache', () => {
    expect(read('vllm')).toEqual({
      ok: true,
      engine: 'vllm',
      reading: {
        running: 14,
        waiting: 3,
        kvCacheUse: 0.97,
        queueMs: { sum: 16_500, count: 100 },
        prefillMs: { sum: 4250, count: 100 },
        prefixHits: { sum: 1500, count: 2000 },
        preemptions: 2,
      },
    })
  })

  it('reads SGLang', () => {
    expect(read('sglang')).toEqual({
      ok: true,
      engine: 'sglang',
      reading: {
        running: 16,
        waiting: 28,
        kvCacheUse: 0.55,
        queueMs: { sum: 3200, count: 40 },
        prefixHits: { sum: 2000, count: 8000 },
      },
    })
  })

  it('reads TGI, the prefill alone', () => {
    expect(read('tgi')).toEqual({
      ok: true,
      engine: 'tgi',
      reading: {
        running: 5,
        waiting: 3,
        queueMs: { sum: 3200, count: 150 },
        prefillMs: { sum: 900, count: 10 },
      },
    })
  })

  it('reads TensorRT-LLM', () => {
    const reading = { waiting: 2, kvCacheUse: 0.2, queueMs: { sum: 60, count: 4 } }
    expect(read('tensorrt-llm')).toEqual({ ok: true, engine: 'tensorrt-llm', reading })
  })

  it('reads Triton by labels, its microseconds as milliseconds', () => {
    expect(read('triton')).toEqual({
      ok: true,
      engine: 'triton',
      reading: { running: 4, waiting: 3, kvCacheUse: 0.6, queueMs: { sum: 25, count: 50 } },
    })
  })

  it('reads what llama.cpp really said', () => {
    expect(read('llama.cpp')).toEqual({
      ok: true,
      engine: 'llama.cpp',
      reading: { running: 1, waiting: 3, prefixHits: { sum: 2799, count: 22_498 } },
    })
  })

  it('counts the tokens that llama.cpp found in its cache among those it looked for', () => {
    const text = 'llamacpp:prompt_tokens_total 600\nllamacpp:prompt_tokens_cached_total 1400\n'
    expect(readExporter(text)).toMatchObject({
      reading: { prefixHits: { sum: 1400, count: 2000 } },
    })
  })

  it('says nothing of the cache of a llama.cpp that does not count it', () => {
    const read = readExporter('llamacpp:prompt_tokens_total 600\n')
    expect(read).toEqual({ ok: true, engine: 'llama.cpp', reading: {} })
  })

  it.each([
    ['<!doctype html><title>Log in</title>\n', 'is an HTML page, not the text format'],
    ['{"status":"ok"}\n', 'is something else, not the text format'],
    ['', 'is something else, not the text format'],
    ['# HELP nothing\n', 'has no sample, which is no metric of a known engine (vLLM, SGLang'],
    ['go_goroutines 9\n', 'begins with go_goroutines, which is no metric of a known engine'],
  ])('says what %j is', (text, problem) => {
    expect(readExporter(text)).toMatchObject({
      ok: false,
      problem: expect.stringContaining(problem),
    })
  })

  it('takes no half of a number that was cut off', () => {
    const text = 'vllm:num_requests_running 3\nvllm:num_requests_waiting 12'
    expect(readExporter(text)).toEqual({ ok: true, engine: 'vllm', reading: { running: 3 } })
  })

  it('passes over a bad line, a brace in a label and a value that is no number', () => {
    const text = `vllm:num_requests_running{model_name="a}{\\"b"} 3 1700000000\n}{ 4\nvllm:num_requests_waiting x\n`
    expect(readExporter(text)).toEqual({ ok: true, engine: 'vllm', reading: { running: 3 } })
  })
})
