// usage: node scripts/release/move-tags.ts vX.Y.Z REMOTE
// Points vX and vX.Y at a release, on the remote. Each moves only where the release is the newest of
// its line, so that a fix of an old line never takes users of a newer one back.

import { execFileSync } from 'node:child_process'

const [tag = '', remote = 'origin'] = process.argv.slice(2)

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { encoding: 'utf8' }).trimEnd()
}

type Release = { readonly tag: string; readonly numbers: readonly number[] }

function releaseOf(name: string): Release | undefined {
  const match = /^v(\d+)\.(\d+)\.(\d+)$/.exec(name)
  return match === null ? undefined : { tag: name, numbers: match.slice(1).map(Number) }
}

/** Every release the remote has, newest first. */
function releases(): readonly Release[] {
  const lines = git('ls-remote', '--tags', '--refs', remote).split('\n')
  return lines
    .flatMap((line) => releaseOf(line.split('refs/tags/')[1] ?? '') ?? [])
    .sort((a, b) => compare(b.numbers, a.numbers))
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, i) => number !== b[i])
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}

function newestOf(line: string): Release | undefined {
  return releases().find((release) => release.tag.startsWith(`${line}.`))
}

function move(): void {
  const release = releaseOf(tag)
  if (release === undefined) throw new Error(`"${tag}" is not a release tag vX.Y.Z`)
  const [major, minor] = release.numbers
  const lines = [`v${major}.${minor}`, `v${major}`]
  const moving = lines.filter((line) => newestOf(line)?.tag === tag)
  for (const line of lines.filter((name) => !moving.includes(name))) {
    console.log(`${line} stays where it is: ${newestOf(line)?.tag ?? 'no release of it'} is newer`)
  }
  if (moving.length === 0) return
  const commit = git('rev-parse', `${tag}^{commit}`)
  git('push', '--atomic', '--force', remote, ...moving.map((line) => `${commit}:refs/tags/${line}`))
  for (const line of moving) console.log(`${line} is ${tag}`)
}

try {
  move()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
