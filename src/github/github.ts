// The front of `github`: the API of the forge and the runner that the action runs on.

export type { ChangedFiles } from './changed-files.ts'
export { type GithubClient, githubClient } from './client.ts'
export { type CommentMarker, isTwinsOf, MAX_COMMENT_CHARACTERS } from './marker.ts'
export type { PullRequest } from './pull-requests.ts'
export { type Annotation, annotate, maskSecret, setOutputs, writeSummary } from './runner.ts'
