// The reports as people get them, one file for each state and format. A difference is a change of the
// product: look at it, then run `node scripts/update-goldens.ts`.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { goldens } from './goldens.ts'

const folder = new URL('../golden/', import.meta.url)
const files = goldens()

describe('the golden reports', () => {
  it.each([...files.keys()])('%s is as it was approved', (name) => {
    expect(files.get(name)).toBe(readFileSync(new URL(name, folder), 'utf8'))
  })

  it('are no more than these files', () => {
    expect(readdirSync(folder).sort()).toEqual([...files.keys()].sort())
  })
})
