import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { FAULTS } from '../../src/simulator/faults.ts'
import { HEALTHY } from '../../src/simulator/profiles.ts'

const text = readFileSync(new URL('../../docs/simulator.md', import.meta.url), 'utf8')

describe("the simulator's documentation", () => {
  it.each(Object.keys(HEALTHY))('explains the behaviour %s', (member) => {
    expect(text).toContain(`\`${member}\``)
  })

  it.each(FAULTS)('explains the fault %s', (fault) => {
    expect(text).toContain(`\`${fault}\``)
  })
})
