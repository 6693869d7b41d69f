// What git lists of a commit: the files with their modes, and the folders.

export type TreeFile = { readonly path: string; readonly oid: string; readonly mode: string }

export type Listing = {
  readonly files: readonly TreeFile[]
  /** Folder, without a slash at its end, to the name of its tree. */
  readonly trees: ReadonlyMap<string, string>
}

export const FILE_MODE = '100644'
const PROGRAM_MODE = '100755'
const TREE_MODE = '040000'

/** Of `ls-tree -r -t -z`. */
export function listing(text: string): Listing {
  const files: TreeFile[] = []
  const trees = new Map<string, string>()
  for (const entry of text.split('\0').filter(Boolean)) {
    const file = fileOf(entry)
    if (file.mode === TREE_MODE) trees.set(file.path, file.oid)
    else files.push(file)
  }
  return { files, trees }
}

/** `<mode> <type> <oid>\t<path>` */
function fileOf(entry: string): TreeFile {
  const tab = entry.indexOf('\t')
  const [mode = '', , oid = ''] = entry.slice(0, tab).split(' ')
  return { path: entry.slice(tab + 1), oid, mode }
}

export function isPlain({ mode }: TreeFile): boolean {
  return mode === FILE_MODE || mode === PROGRAM_MODE
}
