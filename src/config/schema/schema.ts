// The front of `schema`: a document against the published schema, each violation a sentence.

export { checkPrompt, checkShape, checkTraceLine, MISSING_TEXT } from './check-shape.ts'
export { nearestName } from './nearest-name.ts'
