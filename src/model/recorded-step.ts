// A step of an endpoint's own level, as the recorded runs show it: what lies before it is set aside.

export type RecordedStep = {
  /** When the first run of the present level was made, ISO 8601 UTC. */
  readonly since: string
  /** Natural direction, a ratio minus one. */
  readonly change: number
  readonly setAside: number
  /** Names of the endpoint's settings that changed between the two runs. Absent = not known. */
  readonly settings?: readonly string[]
}
