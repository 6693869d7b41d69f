import { describe, expect, it } from '@jest/globals'
import { answerMembers, withAnswerMembersOf } from '../../src/model/answer-members.ts'
import type { DialectName } from '../../src/model/config.ts'
import type { JsonValue } from '../../src/model/json-value.ts'

describe('members of a body that decide how long an answer gets', () => {
  it('are found at the top and among settings of generation, in any spelling', () => {
    const body = {
      stop: ['a'],
      temperature: 0,
      options: { num_gpu: 9, stop: 'b' },
      generationConfig: { stopSequences: ['c'], topP: 1 },
    }
    expect(answerMembers(body)).toEqual({
      stop: ['a'],
      'options.stop': 'b',
      'generationConfig.stopSequences': ['c'],
    })
  })

  it('are the other body’s, and everything else stays', () => {
    const own = { stop: ['a'], temperature: 0, options: { stop: 'b', num_gpu: 9 } }
    expect(withAnswerMembersOf(own, {})).toEqual({ temperature: 0, options: { num_gpu: 9 } })
    expect(withAnswerMembersOf({ temperature: 0 }, { ...own, temperature: 1 })).toEqual({
      temperature: 0,
      stop: ['a'],
      options: { stop: 'b' },
    })
    expect(withAnswerMembersOf(own, own)).toEqual(own)
  })

  it('are none of a plain body, which stays as it is', () => {
    const body = { temperature: 0, top_p: 1 }
    expect(answerMembers(body)).toEqual({})
    expect(withAnswerMembersOf(body, { temperature: 1 })).toEqual(body)
  })

  it('leave the choice of a name for the limit to the endpoint', () => {
    expect(answerMembers({ max_tokens: null, stop: null })).toEqual({ stop: null })
  })
})

/** What each API documents beside prompts, model and streaming (late 2025), servers' extras included. */
const ENDING: Readonly<Record<DialectName, readonly string[]>> = {
  'openai-chat': [
    ...[
      'stop',
      'n',
      'max_tokens',
      'max_completion_tokens',
      'response_format',
      'logit_bias',
      'seed',
    ],
    ...['frequency_penalty', 'presence_penalty', 'reasoning_effort', 'verbosity', 'tools'],
    ...['tool_choice', 'parallel_tool_calls', 'functions', 'function_call', 'prediction'],
    ...['modalities', 'web_search_options', 'reasoning', 'thinking', 'transforms', 'plugins'],
    // vLLM, SGLang, llama.cpp, TGI
    ...['stop_token_ids', 'stop_regex', 'min_tokens', 'ignore_eos', 'repetition_penalty'],
    ...[
      'length_penalty',
      'bad_words',
      'allowed_token_ids',
      'truncate_prompt_tokens',
      'guided_json',
    ],
    ...['guided_choice', 'guided_regex', 'structured_outputs', 'regex', 'ebnf', 'grammar'],
    ...[
      'json_schema',
      'chat_template',
      'chat_template_kwargs',
      'thinking_budget',
      'enable_thinking',
    ],
    ...['add_generation_prompt', 'logits_processors', 'n_predict', 't_max_predict_ms', 'best_of'],
    ...['samplers', 'dry_multiplier', 'xtc_probability', 'early_stopping', 'use_beam_search'],
  ],
  'openai-completions': [
    ...['stop', 'n', 'best_of', 'max_tokens', 'suffix', 'echo', 'logit_bias', 'seed'],
    ...['frequency_penalty', 'presence_penalty', 'min_tokens', 'ignore_eos', 'grammar'],
  ],
  'openai-responses': [
    ...['max_output_tokens', 'max_tool_calls', 'reasoning', 'text', 'tools', 'tool_choice'],
    ...['truncation', 'instructions', 'previous_response_id', 'conversation', 'background'],
    ...['include', 'context_management', 'parallel_tool_calls'],
  ],
  'anthropic-messages': [
    ...['stop_sequences', 'max_tokens', 'system', 'thinking', 'tools', 'tool_choice'],
    ...['output_config', 'output_format', 'context_management', 'mcp_servers', 'container'],
  ],
  gemini: [
    ...['systemInstruction', 'system_instruction', 'tools', 'toolConfig', 'cachedContent'],
    ...['safetySettings', 'generationConfig.maxOutputTokens', 'generationConfig.candidateCount'],
    ...['generationConfig.stopSequences', 'generation_config.stop_sequences'],
    ...['generationConfig.responseMimeType', 'generationConfig.responseSchema'],
    ...['generationConfig.responseJsonSchema', 'generationConfig.responseModalities'],
    ...['generationConfig.thinkingConfig', 'generationConfig.mediaResolution'],
    ...['generationConfig.presencePenalty', 'generationConfig.frequencyPenalty'],
    ...['generationConfig.seed'],
  ],
  'ollama-chat': [
    ...['format', 'think', 'tools', 'template', 'raw', 'system', 'suffix', 'truncate'],
    ...['options.num_predict', 'options.stop', 'options.num_ctx', 'options.num_keep'],
    ...['options.repeat_penalty', 'options.repeat_last_n', 'options.penalize_newline'],
    ...['options.seed', 'options.frequency_penalty', 'options.presence_penalty'],
  ],
  'bedrock-converse': [
    ...['system', 'toolConfig', 'guardrailConfig', 'outputConfig', 'promptVariables'],
    ...['inferenceConfig.maxTokens', 'inferenceConfig.stopSequences'],
    ...['additionalModelRequestFields.thinking', 'additionalModelRequestFields.reasoning_effort'],
  ],
  'openai-embeddings': [
    ...[
      'dimensions',
      'encoding_format',
      'input_type',
      'task',
      'truncate',
      'truncate_prompt_tokens',
    ],
    ...['prompt_name', 'normalize', 'embedding_types', 'late_chunking'],
  ],
  rerank: [
    ...['top_n', 'return_documents', 'max_tokens_per_doc', 'max_chunks_per_doc', 'truncation'],
    ...['rank_fields', 'truncate_prompt_tokens'],
  ],
}

const SERVING: Readonly<Record<DialectName, readonly string[]>> = {
  'openai-chat': ['temperature', 'top_p', 'top_k', 'service_tier', 'user', 'provider', 'logprobs'],
  'openai-completions': ['temperature', 'top_p', 'min_p', 'user', 'stream_options'],
  'openai-responses': ['temperature', 'top_p', 'service_tier', 'store', 'prompt_cache_key'],
  'anthropic-messages': ['temperature', 'top_p', 'top_k', 'metadata', 'service_tier'],
  gemini: ['labels', 'generationConfig.temperature', 'generationConfig.topP'],
  'ollama-chat': ['keep_alive', 'options.temperature', 'options.top_k', 'options.num_gpu'],
  'bedrock-converse': ['requestMetadata', 'performanceConfig', 'inferenceConfig.topP'],
  'openai-embeddings': ['user', 'priority'],
  rerank: ['user', 'priority'],
}

const DIALECTS = Object.keys(ENDING) as DialectName[]

/** A body with one member, by its path. */
function bodyWith(path: string): Readonly<Record<string, JsonValue>> {
  const [first = '', inner] = path.split('.')
  return { [first]: inner === undefined ? 'x' : { [inner]: 'x' } }
}

describe.each(DIALECTS)('a pull request in the words of %s', (dialect) => {
  it.each(ENDING[dialect])('does not take `%s` into the base branch’s question', (path) => {
    expect(answerMembers(bodyWith(path))).toEqual({ [path]: 'x' })
    expect(JSON.stringify(withAnswerMembersOf(bodyWith(path), {}))).not.toContain('x')
    const asked = withAnswerMembersOf({}, bodyWith(path))
    expect(asked).toEqual(bodyWith(path))
  })

  it.each(SERVING[dialect])('is judged for `%s` by the base branch’s question', (path) => {
    expect(answerMembers(bodyWith(path))).toEqual({})
    expect(withAnswerMembersOf(bodyWith(path), {})).toEqual(bodyWith(path))
  })

  it('does not take a spelling along that nobody knows', () => {
    for (const path of ['finish_at_once', 'extra_body.finishAtOnce']) {
      expect(answerMembers(bodyWith(path))).toEqual({ [path]: 'x' })
    }
  })
})
