// The changelog as data: its sections by version, and the step that turns what is unreleased into a
// version. Sections are second-level headings, `## 1.2.3 (2026-01-31)` or `## Unreleased`.

const UNRELEASED = 'Unreleased'

/** Text below a version's heading, trimmed. Undefined when there is no such heading. */
export function changesOf(changelog: string, version: string): string | undefined {
  const section = changelog
    .split(/^## /m)
    .slice(1)
    .find((text) => text.split(/\s/, 1)[0] === version)
  return section?.slice(section.indexOf('\n') + 1).trim()
}

export function unreleasedChanges(changelog: string): string | undefined {
  return changesOf(changelog, UNRELEASED)
}

/** The changelog with what was unreleased under a version, and an empty heading above it. */
export function withRelease(changelog: string, version: string, date: string): string {
  return changelog.replace(
    new RegExp(`^## ${UNRELEASED}$`, 'm'),
    `## ${UNRELEASED}\n\n## ${version} (${date})`,
  )
}
