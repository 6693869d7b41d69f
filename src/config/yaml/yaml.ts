// The front of `yaml`: text to values that remember their line and column.

export { editYaml, type YamlEdit } from './edit-yaml.ts'
export type { Path, PointAt } from './locate.ts'
export { readYaml, type YamlReading } from './read-yaml.ts'
