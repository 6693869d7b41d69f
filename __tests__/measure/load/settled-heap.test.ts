import type { NodeGCPerformanceDetail } from 'node:perf_hooks'
import { constants, PerformanceObserver } from 'node:perf_hooks'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from '@jest/globals'
import { settleHeap } from '../../../src/measure/load/settled-heap.ts'

/** A whole collection takes the place of a young one that is asked for while it is under way. */
const KINDS: readonly unknown[] = [
  constants.NODE_PERFORMANCE_GC_MINOR,
  constants.NODE_PERFORMANCE_GC_MAJOR,
]

/** Resolves once so many collections have been told of. */
function collections(count: number): Promise<void> {
  return new Promise((resolve) => {
    let seen = 0
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { detail } = entry as unknown as { readonly detail: NodeGCPerformanceDetail }
        if (KINDS.includes(detail.kind)) seen += 1
      }
      if (seen < count) return
      observer.disconnect()
      resolve()
    })
    observer.observe({ entryTypes: ['gc'] })
  })
}

describe('the heap before the measured phase', () => {
  it('is collected twice each time, so that what is left is old', async () => {
    for (let times = 0; times < 3; times += 1) {
      const twice = collections(2)
      settleHeap()
      await expect(twice).resolves.toBeUndefined()
    }
  })

  it('leaves the collector as hidden as it was', () => {
    settleHeap()
    expect(runInNewContext('typeof gc')).toBe('undefined')
  })
})
