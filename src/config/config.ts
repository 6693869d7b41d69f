// The front of `config`: text of a file to a configuration without defaults left open, or every problem
// with its place; and whose word counts where a pull request proposes other rules.

export { type AffectedBy, isAffected, isReadAlike, unmatchedGlobs } from './affected.ts'
export { nameableVariables } from './endpoint/endpoint.ts'
export {
  configOfInputs,
  GATE_OF_INPUTS,
  type GateInputs,
  gateInputProblems,
  hasGateInputs,
  inputOfMember,
  namesGiven,
} from './gate-of-inputs.ts'
export { type GatePair, pairGates } from './gate-pairs.ts'
export { mostInFlight } from './in-flight.ts'
export { defaultLimits } from './limits/limits.ts'
export { catalogueNamesOf, defaultPolicy, parseConfig, promptFilesOf } from './parse-config.ts'
export { parseDuration, parseRate } from './quantities.ts'
export { nearestName } from './schema/schema.ts'
export { type SecondArm, secondArmOf } from './second-arm.ts'
export { secretVariablesOf } from './secret-variables.ts'
export { combineTrusted } from './trusted-config.ts'
export { writeCalibrated } from './write-calibrated.ts'
export {
  STARTER_CONFIG,
  STARTER_WORKFLOW,
  type StarterOptions,
  writeStarterConfig,
  writeStarterWorkflow,
} from './write-starter.ts'
