// Asks the address in the first argument once and prints the record: for a test that needs a
// process started with a certificate authority of its own.

import { askOnce } from './asking.ts'

console.log(JSON.stringify(await askOnce(process.argv[2] ?? '')))
