// What a line end must not part: a number and its unit, the two ends of an interval. Formats that
// break lines themselves get no-break spaces there.

export const NO_BREAK = '\u00a0'

export function tight(text: string): string {
  return text
    .replace(/(?<=\d) (?=(?:%|pp|ms|s|min)(?!\w))/g, NO_BREAK)
    .replace(/\[[+−±][^[\]]{1,40}\]/g, (interval) => interval.replace(/ /g, NO_BREAK))
}
