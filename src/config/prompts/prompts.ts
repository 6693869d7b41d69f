// The front of `prompts`: the prompts of a workload, from a file, a list or built in.

export { isInnerPath } from './prompt-file.ts'
export { readPrompts } from './read-prompts.ts'
