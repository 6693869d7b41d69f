// The text format of Prometheus, as far as it is needed: samples with their labels. Comments, types,
// timestamps and exemplars are passed over, and so is a line that is cut or makes no sense: one bad
// line must not hide the others.
// By hand: clients write this format, and the parsers for it stop at the first line that is wrong.
// https://prometheus.io/docs/instrumenting/exposition_formats/

export type MetricSample = {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  readonly value: number
}

/** Samples beyond this many are no exporter of one server. */
const MOST_SAMPLES = 100_000
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]{0,199})(?:\{([^\n]*)\})?[ \t]+(\S+)/
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g

/** Undefined when not one line of it reads as a sample, a comment, or nothing. */
export function readPrometheusText(text: string): readonly MetricSample[] | undefined {
  const samples: MetricSample[] = []
  let comments = 0
  // What follows the last line feed was cut off: half a number is another number.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  for (const line of whole.split('\n')) {
    if (line.startsWith('#')) comments += 1
    // Buckets are the bulk of every exporter, and nothing here is read from them.
    if (line.startsWith('#') || line.includes('_bucket{')) continue
    const sample = readSample(line)
    if (sample !== undefined) samples.push(sample)
    if (samples.length >= MOST_SAMPLES) break
  }
  return samples.length === 0 && comments === 0 ? undefined : samples
}

function readSample(line: string): MetricSample | undefined {
  const match = SAMPLE.exec(line)
  if (match === null) return undefined
  const [, name = '', labels = '', text = ''] = match
  const value = /^[+-]?inf$/i.test(text) ? Number.POSITIVE_INFINITY : Number(text)
  return { name, labels: labelsOf(labels), value }
}

function labelsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(LABEL)].map(([, name = '', value = '']): [string, string] => [name, value]),
  )
}
