// What differs between two load shapes or two subjects.

import type { MemberChange } from './history.ts'

/** Member by member, sorted by name; equal members are left out. */
export function changesBetween(
  before: { readonly [member: string]: string },
  after: { readonly [member: string]: string },
): readonly MemberChange[] {
  const members = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return members
    .map((member) => ({
      member,
      before: Object.hasOwn(before, member) ? before[member] : undefined,
      after: Object.hasOwn(after, member) ? after[member] : undefined,
    }))
    .filter((change) => change.before !== change.after)
}
