// The tests' GitHub in a process of its own: `node github-server-process.ts '{"pulls": […]}'` prints
// {"apiUrl": …} and serves until its standard input ends.

import { startGitHubServer } from './github-server.ts'

const server = await startGitHubServer(JSON.parse(process.argv[2] ?? '{}'))
console.log(JSON.stringify({ apiUrl: server.apiUrl }))
process.stdin.resume()
process.stdin.on('end', () => {
  server.close().then(
    () => console.log(JSON.stringify(server.state)),
    () => process.exit(1),
  )
})
