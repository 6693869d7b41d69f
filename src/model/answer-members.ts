// Members of a request's body that decide what is asked and how long an answer gets: they belong to the
// question, not to the endpoint. Whoever changes one would otherwise seem to make answers faster.

import type { JsonValue } from './json-value.ts'

type Body = Readonly<Record<string, JsonValue>>

/** As the APIs spell them, with and without underscores. */
const ANSWER =
  /^(stop|stop_?sequences|stop_?token_?ids|stop_?strings|ignore_?eos|logit_?bias|reasoning|reasoning_?effort|thinking|thinking_?config|thinking_?budget|enable_?thinking|think|chat_template_kwargs|verbosity|text|format|response_?format|response_?(json_?)?schema|tools|tool_?choice|tool_?config|truncate|truncation|truncate_prompt_tokens|system|system_?instruction|instructions|suffix|template|raw)$/i

/** Members that hold members: settings of generation. */
const SETTINGS =
  /^(options|generation_?config|inference_?config|parameters|sampling_params|extra_body)$/i

/** By path, as `stop` and `options.stop`. */
export function answerMembers(body: Body): Body {
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]): [string, JsonValue][] => {
      if (ANSWER.test(name)) return [[name, value]]
      if (!SETTINGS.test(name) || !isMembers(value)) return []
      return Object.entries(answerMembers(value)).map(([path, one]) => [`${name}.${path}`, one])
    }),
  )
}

/** The body with the question of another one, and everything else its own. */
export function withAnswerMembersOf(body: Body, other: Body): Body {
  const own = Object.entries(body).flatMap(([name, value]): [string, JsonValue][] => {
    if (ANSWER.test(name)) return []
    if (!SETTINGS.test(name) || !isMembers(value)) return [[name, value]]
    const theirs = other[name]
    return [[name, withAnswerMembersOf(value, isMembers(theirs) ? theirs : {})]]
  })
  const theirs = Object.entries(other).flatMap(([name, value]): [string, JsonValue][] => {
    if (ANSWER.test(name)) return [[name, value]]
    if (!SETTINGS.test(name) || !isMembers(value) || Object.hasOwn(body, name)) return []
    const question = withAnswerMembersOf({}, value)
    return Object.keys(question).length === 0 ? [] : [[name, question]]
  })
  return Object.fromEntries([...own, ...theirs])
}

function isMembers(value: JsonValue | undefined): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
