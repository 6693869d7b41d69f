// The licences of the packages that went into a bundle, in one text. A package without a licence, or
// without its text, stops the build.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Metafile } from 'esbuild'

type PackageJson = { name: string; version: string; license?: string }

export function licences(root: string, metafile: Metafile): string {
  const sections = packageFolders(metafile).map((folder) => {
    const manifest = join(root, folder, 'package.json')
    const { name, version, license } = JSON.parse(readFileSync(manifest, 'utf8')) as PackageJson
    if (license === undefined) throw new Error(`${name} is bundled but states no licence`)
    return `${name} ${version} (${license})\n\n${licenceText(root, folder)}\n`
  })
  return sections.join(`\n${'-'.repeat(80)}\n\n`)
}

function packageFolders(metafile: Metafile): string[] {
  const folders = Object.keys(metafile.inputs).flatMap((path) => {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)
    return match?.[1] === undefined ? [] : [match[1]]
  })
  return [...new Set(folders)].sort()
}

function licenceText(root: string, folder: string): string {
  for (const name of ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'LICENCE', 'license', 'license.md']) {
    try {
      return readFileSync(join(root, folder, name), 'utf8')
        .trim()
        .replaceAll('\r\n', '\n')
    } catch {
      // The next spelling may be there.
    }
  }
  throw new Error(`${folder} is bundled but has no licence file`)
}
