// What a conversation needs of the rest of its gate: a dialect that can take an answer back, tools for the
// results that it gives, and no probes, which would end it at its first token.

import { type Endpoint, type Gate, hasTurns, type Prompt } from '../model/config.ts'
import { isOfConversations } from '../model/conversation.ts'
import type { JsonValue } from '../model/json-value.ts'
import { metricRow } from '../model/metric.ts'
import { shown } from '../model/shown.ts'
import type { RawGate } from './raw-config.ts'
import type { OnProblem } from './reading.ts'
import type { Path } from './yaml/yaml.ts'

export function checkConversations(gate: Gate, raw: RawGate | undefined, report: OnProblem): void {
  const { name, endpoint, reference, workload } = gate
  const path = ['gates', name]
  if (!isOfConversations(workload)) {
    checkLimits(gate, path, report)
    return
  }
  if (workload.probes > 0) {
    const message =
      'a probe ends at the first token, and a conversation goes on with the answer; take `probes` out'
    report({ path: [...path, 'workload', 'probes'], message, pointAt: 'key' })
  }
  checkDialect(endpoint, [...path, 'endpoint'], report)
  if (reference.kind === 'endpoint') {
    checkDialect(reference.endpoint, [...path, 'reference'], report)
  }
  const inline = Array.isArray(raw?.workload.prompts)
  for (const [at, prompt] of workload.prompts.entries()) {
    const place = inline ? ['prompts', String(at)] : ['prompts']
    checkTools(prompt, endpoint, (message) =>
      report({ path: [...path, 'workload', ...place], message, pointAt: 'key' }),
    )
  }
}

/** A limit on what is never measured would never be judged. */
function checkLimits({ limits }: Gate, path: Path, report: OnProblem): void {
  for (const { metric, family } of limits) {
    if (metricRow(family).turns === undefined) continue
    const message = `${metric} is of conversations, and no prompt of this gate has \`turns\`; add some, or limit ttft_pNN`
    report({ path: [...path, 'limits', metric], message, pointAt: 'key' })
  }
}

function checkDialect({ api }: Endpoint, path: Path, report: OnProblem): void {
  if (hasTurns(api)) return
  const message = `${api} has no messages that an answer could be put back into, and the workload has \`turns\`; expected a chat dialect such as openai-chat`
  report({ path: [...path, 'api'], message })
}

/** Tools that are offered under a name nobody can find are taken for right. */
function checkTools(prompt: Prompt, endpoint: Endpoint, say: (message: string) => void): void {
  const given = (prompt.later ?? []).flatMap(({ said }) =>
    said.by === 'tools' ? said.results.flatMap(({ name }) => name || []) : [],
  )
  const tools = toolsOf({ ...endpoint.body, ...prompt.body })
  const offered = namesOf(tools)
  for (const name of new Set(given)) {
    if (tools === undefined) {
      say(
        `the conversation ${shown(prompt.name)} gives the result of ${shown(name)}, but no tools are offered; expected \`tools\` in its \`body\` or the endpoint's`,
      )
    } else if (offered.length > 0 && !offered.includes(name)) {
      say(
        `the conversation ${shown(prompt.name)} gives the result of ${shown(name)}, which is none of its tools; expected ${offered.join(', ')}`,
      )
    }
  }
}

/** Bedrock has them one level deeper. */
function toolsOf({ tools, toolConfig }: Endpoint['body']): JsonValue | undefined {
  if (tools !== undefined || typeof toolConfig !== 'object' || toolConfig === null) return tools
  return Array.isArray(toolConfig) ? undefined : (toolConfig as Endpoint['body']).tools
}

/** As the APIs spell them: `function.name`, `name`, `functionDeclarations[].name`, `toolSpec.name`. */
function namesOf(tools: JsonValue | undefined): readonly string[] {
  if (!Array.isArray(tools)) return []
  return tools.flatMap((tool: JsonValue): readonly string[] => {
    if (typeof tool !== 'object' || tool === null || Array.isArray(tool)) return []
    const members = tool as { readonly [member: string]: JsonValue }
    if (typeof members.name === 'string') return [members.name]
    const { functionDeclarations, function_declarations: more } = members
    const one = members.function ?? members.toolSpec
    return [...namesOf(one === undefined ? [] : [one]), ...namesOf(functionDeclarations ?? more)]
  })
}
