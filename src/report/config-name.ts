// The config beside the name of a gate, where a repository has more than one.

import { USUAL_CONFIGS } from '../model/config.ts'
import { visible } from './render/render.ts'

const MOST_CHARACTERS = 36

/** ` (services/a/gate.yml)`; empty in the usual place, as long as no other config is known of. */
export function ofConfig(config: string | undefined, isAlone: boolean): string {
  if (config === undefined || (isAlone && USUAL_CONFIGS.includes(config))) return ''
  const text = visible(config)
  return ` (${text.length <= MOST_CHARACTERS ? text : `…${text.slice(1 - MOST_CHARACTERS)}`})`
}
