// The front of `limits`: what a config says of a metric, and what holds where it says nothing.

export { defaultLimits, waitLimits } from './default-limits.ts'
export { limitWords } from './limit-words.ts'
export { readLimits } from './read-limits.ts'
