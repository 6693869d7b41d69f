// What `--format` writes beside the report, for programs other than ours: one row a format.

import { gitlabMetrics, gitlabNote } from './gitlab/gitlab.ts'
import { junit, type MachineReport } from './junit/junit.ts'

export type FileFormat = {
  /** As `--format` names it. */
  readonly name: string
  /** By the file's name. `comment` is Markdown, short enough for a forge. */
  readonly files: Readonly<Record<string, (report: MachineReport, comment: string) => string>>
}

export const FILE_FORMATS: readonly FileFormat[] = [
  { name: 'junit', files: { 'junit.xml': junit } },
  {
    name: 'gitlab',
    files: {
      'metrics.txt': ({ jobResult }) => gitlabMetrics(jobResult),
      'note.md': (_report, comment) => gitlabNote(comment),
    },
  },
]
