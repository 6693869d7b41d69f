// The front of `endpoint`: where requests go and what they carry.

export { nameableVariables, OPENING, variablesOf } from './fill-environment.ts'
export { readBody } from './read-body.ts'
export { readCandidate, readReference } from './read-endpoint.ts'
