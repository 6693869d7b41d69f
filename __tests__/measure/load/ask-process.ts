// Asks the address in the first argument once and prints the record; with a number of workers, prints
// their measurement behind a warm-up of one request. For a test that needs a process started with a
// certificate authority of its own.

import { askOnce, plan, request, run } from './asking.ts'

const [url = '', workers] = process.argv.slice(2)

function atOnce(concurrency: number): Promise<unknown> {
  const measured = Array.from({ length: 2 * concurrency }, (_, at) => request(at + 1))
  const load = { kind: 'closed', concurrency } as const
  return run(plan([request(0, { warmup: true }), ...measured], { load }), url)
}

console.log(JSON.stringify(await (workers === undefined ? askOnce(url) : atOnce(Number(workers)))))
