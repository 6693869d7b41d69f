// usage: node scripts/release/notes.ts
// Prints the changelog's section of package.json's version: the notes of its release.

import { changesOf } from './changelog.ts'
import { manifest, read } from './checkout.ts'

const { version } = manifest()
const changes = changesOf(read('CHANGELOG.md'), version)
if (changes === undefined) throw new Error(`CHANGELOG.md has no section "## ${version}"`)
console.log(changes)
