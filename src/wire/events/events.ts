// The front of `events`: a stream of bytes cut into events, as SSE or as lines of JSON.

export type { Framed, FramedEvent, Framer, TakeFramed } from './framing.ts'
export { encodeNdjson, NdjsonFramer } from './ndjson.ts'
export { encodeSse, SseFramer } from './sse.ts'
