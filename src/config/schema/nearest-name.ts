// Finds the legal name a person probably meant.
// By hand: an edit distance in which swapped neighbours are one mistake is twenty lines.

/**
 * The first name that begins with what was written, or the one with the smallest edit distance, or undefined when even that is far off: more than a
 * third of the letters, and more than two edits in a short name.
 */
export function nearestName(written: string, legal: readonly string[]): string | undefined {
  const beginsWith = legal.filter((name) => name.startsWith(normalize(written)))
  if (beginsWith.length > 0 && written.length > 2) return beginsWith[0]
  let best: string | undefined
  let bestDistance = Math.max(2, Math.floor(written.length / 3)) + 1
  for (const name of legal) {
    const distance = editDistance(normalize(written), normalize(name))
    if (distance < bestDistance && distance < name.length) {
      best = name
      bestDistance = distance
    }
  }
  return best
}

/** `maxOutputTokens`, `max-output-tokens` and `Max_Output_Tokens` are meant as one name. */
function normalize(name: string): string {
  return name
    .slice(0, 100)
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/-/g, '_')
    .toLowerCase()
}

/**
 * Damerau-Levenshtein distance, the variant in which no substring is edited twice (optimal string
 * alignment): insertions, deletions, substitutions and swaps of neighbours each cost one.
 *
 *   d[i][j] = min(d[i-1][j] + 1, d[i][j-1] + 1, d[i-1][j-1] + (a[i] != b[j]),
 *                 d[i-2][j-2] + 1 when a[i-1..i] is b[j-1..j] swapped)
 *
 * O(length of a x length of b).
 */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = at(previous, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let cost = Math.min(at(previous, j) + 1, at(current, j - 1) + 1, substitution)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) cost = Math.min(cost, at(beforePrevious, j - 2) + 1)
      current.push(cost)
    }
    beforePrevious = previous
    previous = current
  }
  return at(previous, b.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
