// A prompt that a pull request asks otherwise than the base branch does, as both were measured.

export type PromptChange = {
  readonly prompt: string
  /** The base branch's prompt that it was paired with, where that has another name. */
  readonly pairedWith?: string
  readonly isSameText: boolean
  /** Mean input tokens of an answer, by usage. Absent where none came. */
  readonly inputTokens?: {
    readonly before: number
    readonly after: number
    /** True where the server sends no usage. */
    readonly estimated: boolean
  }
  /** The limit on an answer, where it differs. */
  readonly maxOutputTokens?: { readonly before: number; readonly after: number }
}
