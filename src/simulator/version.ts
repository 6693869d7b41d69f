// One version of the simulated endpoint: a behaviour with its run, its script, its prompt cache and
// its places. `main` and `slow` are there from the start; a change to a new name makes another.

import { visibleText } from './answer-text.ts'
import type { AskedBody } from './asked.ts'
import type { AnswerPlan, Behaviour, ScriptedAnswer } from './behaviour.ts'
import { planAnswer, runEffect } from './behaviour.ts'
import type { Fault } from './faults.ts'
import type { SimulatorChange } from './options.ts'
import { PROFILES } from './profiles.ts'
import { PromptCache } from './prompt-cache.ts'
import type { Served } from './served-log.ts'
import { noNumbers, type ServerNumbers } from './server-numbers.ts'

export class Version {
  readonly #seed: number
  readonly #name: string
  #behaviour: Behaviour
  #script: ScriptedAnswer[] = []
  #run = 0
  #index = 0
  readonly #cache = new PromptCache()
  #busy = 0
  readonly #waiting: (() => void)[] = []
  readonly #numbers = noNumbers()

  constructor(seed: number, name: string, behaviour: Behaviour) {
    this.#seed = seed
    this.#name = name
    this.#behaviour = behaviour
  }

  get behaviour(): Behaviour {
    return this.#behaviour
  }

  /** The change has been checked. */
  change(change: SimulatorChange): void {
    const base = change.profile === undefined ? this.#behaviour : PROFILES[change.profile]
    this.#behaviour = { ...base, ...change.behaviour }
    if (change.forget?.includes('script')) this.#script = []
    if (change.forget?.includes('cache')) this.#cache.clear()
    this.#script.push(...(change.script ?? []))
    if (change.run !== undefined) {
      this.#run = change.run
      this.#index = 0
    }
  }

  /** What a person or a test may want to know of it. */
  describe(): object {
    const at = { seed: this.#seed, version: this.#name, run: this.#run }
    return {
      version: this.#name,
      run: this.#run,
      runEffect: runEffect(this.#behaviour, at),
      scriptLeft: this.#script.length,
      behaviour: this.#behaviour,
    }
  }

  plan(asked: AskedBody, fault: Fault | undefined): { plan: AnswerPlan; scripted: boolean } {
    const script = this.#takeScript(asked.prompt)
    const hit = this.#cache.use(asked.prompt, this.#behaviour.cachePrefixCharacters)
    const cachedTokens = this.#behaviour.cacheSaving > 0 ? Math.min(hit, asked.inputTokens - 1) : 0
    const at = {
      seed: this.#seed,
      version: this.#name,
      run: this.#run,
      index: this.#index,
      script: fault === undefined ? script : { fault, ...script },
    }
    this.#index += 1
    const plan = planAnswer(this.#behaviour, { ...asked, cachedTokens }, at)
    this.#cache.remember(asked.prompt, visibleText(plan), this.#behaviour.cachePrefixCharacters)
    return { plan, scripted: script !== undefined }
  }

  #takeScript(prompt: string): ScriptedAnswer | undefined {
    const at = this.#script.findIndex(({ when }) => when === undefined || prompt.includes(when))
    return at === -1 ? undefined : this.#script.splice(at, 1)[0]
  }

  /** Calls `begin` at once, or when one of the places under the capacity is free. */
  takePlace(begin: () => void): void {
    const { capacity } = this.#behaviour
    if (capacity > 0 && this.#busy >= capacity) {
      this.#waiting.push(begin)
      return
    }
    this.#busy += 1
    begin()
  }

  numbers(): ServerNumbers {
    const { capacity } = this.#behaviour
    const [running, waiting] = [this.#busy, this.#waiting.length]
    const kvCacheUse = capacity === 0 ? 0 : Math.min(1, running / capacity)
    return { ...this.#numbers, running, waiting, kvCacheUse }
  }

  /** The answer has ended, however it did. */
  leavePlace({ readMs, serviceMs, firstTokenMs, inputTokens, cachedTokens }: Served): void {
    if (serviceMs !== undefined && firstTokenMs !== undefined) {
      this.#numbers.served += 1
      this.#numbers.queueMs += serviceMs - readMs
      this.#numbers.prefillMs += firstTokenMs - serviceMs
      this.#numbers.prefixQueries += inputTokens
      this.#numbers.prefixHits += cachedTokens
    }
    this.#busy -= 1
    const next = this.#waiting.shift()
    if (next === undefined) return
    this.#busy += 1
    next()
  }
}
