// usage: node note.mjs FILE
// Puts the file's text on the merge request of this job, in the one note that it keeps up to date.
// A note that cannot be written takes nothing from the verdict: it is said, and the job goes on.

import { existsSync, readFileSync } from 'node:fs'

const [file = 'inference-gate-report/note.md'] = process.argv.slice(2)
const { CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID, INFERENCE_GATE_NOTE_TOKEN } =
  process.env

/** One answer of the API, and the page that follows it. */
async function ask(method, path, body) {
  const response = await fetch(`${CI_API_V4_URL}${path}`, {
    method,
    headers: { 'private-token': INFERENCE_GATE_NOTE_TOKEN, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`)
  return { data: await response.json(), next: response.headers.get('x-next-page') }
}

/** Ours by author and by its first line: anybody could have copied that. */
async function ownNote(notes, marker) {
  const { data: me } = await ask('GET', '/user')
  for (let page = '1'; page; ) {
    const { data, next } = await ask('GET', `${notes}?per_page=100&page=${page}`)
    const found = data.find(({ author, body }) => author.id === me.id && body.startsWith(marker))
    if (found) return found.id
    page = next
  }
}

async function main() {
  if (!INFERENCE_GATE_NOTE_TOKEN) return console.log('no INFERENCE_GATE_NOTE_TOKEN: no note')
  if (!existsSync(file)) return console.log(`no ${file}: the job did not come to a report`)
  const body = readFileSync(file, 'utf8')
  const notes = `/projects/${CI_PROJECT_ID}/merge_requests/${CI_MERGE_REQUEST_IID}/notes`
  const id = await ownNote(notes, body.split('\n')[0])
  await (id ? ask('PUT', `${notes}/${id}`, { body }) : ask('POST', notes, { body }))
}

await main().catch((error) => console.log(`no note was written: ${error.message}`))
