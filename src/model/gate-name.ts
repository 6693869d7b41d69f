// What a gate may be called: what a config allows, a report and a path can hold.

const GATE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** As `propertyNames` of the gates in schema/config.schema.json. */
export function isGateName(name: string): boolean {
  return GATE_NAME.test(name)
}
