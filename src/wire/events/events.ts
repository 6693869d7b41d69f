// The front of `events`: a stream of bytes cut into events, as SSE, as lines of JSON or as AWS's frames.

export { ByteStore } from './byte-store.ts'
export { EventStreamFramer, encodeEventStream } from './event-stream.ts'
export { type Framed, type FramedEvent, type Framer, type TakeFramed, textOf } from './framing.ts'
export { JsonBodyFramer } from './json-body.ts'
export { encodeNdjson, NdjsonFramer } from './ndjson.ts'
export { encodeSse, SseFramer } from './sse.ts'
