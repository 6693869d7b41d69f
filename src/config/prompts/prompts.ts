// The front of `prompts`: the prompts of a workload, from a file, a list or built in.

export { isInnerPath } from './jsonl-file.ts'
export { readPrompts } from './read-prompts.ts'
export { readTrace, type Trace } from './trace-file.ts'
