// A prefix cache like an inference server's: the tokens a prompt has in common with an earlier one
// are cached, in whole blocks, and never the whole prompt.

const BLOCK_TOKENS = 16
const CHARACTERS_A_TOKEN = 4
const MOST_PROMPTS = 4096

export class PromptCache {
  /** The last prompt of each beginning, oldest first. */
  readonly #prompts = new Map<string, string>()

  /** Cached tokens of this prompt, which is remembered. */
  use(prompt: string, prefixCharacters: number): number {
    const key = prompt.slice(0, prefixCharacters)
    const before = this.#prompts.get(key)
    this.#prompts.delete(key)
    this.#prompts.set(key, prompt)
    const oldest = this.#prompts.keys().next()
    if (this.#prompts.size > MOST_PROMPTS && !oldest.done) this.#prompts.delete(oldest.value)
    return before === undefined ? 0 : cachedTokens(before, prompt)
  }

  /** What was answered is in the cache as well. */
  remember(prompt: string, answer: string, prefixCharacters: number): void {
    this.#prompts.set(prompt.slice(0, prefixCharacters), `${prompt}\n${answer}`)
  }

  clear(): void {
    this.#prompts.clear()
  }
}

function cachedTokens(before: string, prompt: string): number {
  let common = 0
  while (common < prompt.length && before.charCodeAt(common) === prompt.charCodeAt(common)) {
    common += 1
  }
  const tokens = common / CHARACTERS_A_TOKEN
  return Math.floor(tokens / BLOCK_TOKENS) * BLOCK_TOKENS
}
