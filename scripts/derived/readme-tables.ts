// The README's tables of the action's inputs and outputs, between markers, from action.yml.

import { parse } from 'yaml'

export const README = 'README.md'

type Entry = {
  readonly description: string
  readonly default?: string
  readonly required?: boolean
}
type Entries = Readonly<Record<string, Entry>>

/** Throws when a marker is missing, or an input or output has no description. */
export function readmeWithTables(readme: string, actionYaml: string): string {
  const action: { inputs?: Entries; outputs?: Entries } = parse(actionYaml)
  const inputs = table(['Input', 'Default', 'Meaning'], action.inputs ?? {}, (name, entry) => [
    code(name),
    entry.default === undefined || entry.default === '' ? '' : code(entry.default),
    cell(name, entry),
  ])
  const outputs = table(['Output', 'Meaning'], action.outputs ?? {}, (name, entry) => [
    code(name),
    cell(name, entry),
  ])
  return between(between(readme, 'inputs', inputs), 'outputs', outputs)
}

type Row = (name: string, entry: Entry) => readonly string[]

function table(head: readonly string[], entries: Entries, row: Row): string {
  const rows = Object.entries(entries).map(([name, entry]) => row(name, entry))
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function cell(name: string, { description }: Entry): string {
  if (!description) throw new Error(`${name} has no description in action.yml`)
  return description.trim().replace(/\s+/g, ' ').replaceAll('|', '\\|')
}

function code(text: string): string {
  return `\`${text}\``
}

function between(text: string, name: string, content: string): string {
  const start = `<!-- ${name}:start -->`
  const end = `<!-- ${name}:end -->`
  const from = text.indexOf(start)
  const to = text.indexOf(end)
  if (from < 0 || to < from) {
    throw new Error(`README.md needs the markers ${start} and ${end}, in this order`)
  }
  return `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`
}
