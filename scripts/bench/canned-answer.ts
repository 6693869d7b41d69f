// The bytes of a streamed chat answer, made once: what the benchmarks' servers send.

export type CannedAnswer = {
  /** Headers and role chunk. */
  readonly head: Buffer
  /** One token, as often as `tokens` says. */
  readonly token: Buffer
  /** Finish reason, usage, terminal mark, and the end of the body. */
  readonly tail: Buffer
}

export function cannedAnswer(tokens: number): CannedAnswer {
  const usage = `{"prompt_tokens":50,"completion_tokens":${tokens},"total_tokens":${50 + tokens}}`
  return {
    head: Buffer.from(
      'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n' +
        chunk(chat('"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]')),
    ),
    token: Buffer.from(chunk(chat('"choices":[{"index":0,"delta":{"content":" word"}}]'))),
    tail: Buffer.from(
      chunk(chat('"choices":[{"index":0,"delta":{},"finish_reason":"length"}]')) +
        chunk(chat(`"choices":[],"usage":${usage}`)) +
        chunk('[DONE]') +
        '0\r\n\r\n',
    ),
  }
}

/** An event as one chunk of HTTP's chunked coding. */
function chunk(data: string): string {
  const event = `data: ${data}\n\n`
  return `${Buffer.byteLength(event).toString(16)}\r\n${event}\r\n`
}

function chat(member: string): string {
  return `{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"canned",${member}}`
}
