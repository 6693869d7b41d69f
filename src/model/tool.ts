// The tool's own name and version, as it stands in reports and run files.

export const VERSION = '0.1.0'
export const TOOL = `inference-gate/${VERSION}`
