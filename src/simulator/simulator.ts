// The front of `simulator`: an endpoint with a known truth.

export { PROFILES, type ProfileName } from './profiles.ts'
export { startSimulator } from './server.ts'
