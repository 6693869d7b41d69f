// What went wrong when git talked to the remote, read from what it printed: whether another try can
// help, and what a person can do if not.

import type { GitRun } from './git-process.ts'

export type Trouble =
  /** Somebody else was faster, or the network failed: try again. */
  | { readonly kind: 'again'; readonly problem: string }
  /** Something on this machine ended git: once may be chance. */
  | { readonly kind: 'killed'; readonly problem: string }
  /** The server refuses to replace commits: add to them instead. */
  | { readonly kind: 'no-force'; readonly problem: string }
  /** The branch is not there. Only a fetch says so. */
  | { readonly kind: 'no-branch'; readonly problem: string }
  /** The server does not hand out single objects: fetch everything. */
  | { readonly kind: 'no-filter'; readonly problem: string }
  /** Another try would end the same. */
  | { readonly kind: 'final'; readonly problem: string; readonly remedy: string }

const NO_BRANCH = /couldn't find remote ref/i
const NO_FILTER = /not our ref|does not allow request for unadvertised object/i
const NO_FORCE =
  /denying non-fast-forward|cannot force-push|protected branch|GH006|GH013|rule violations|\(non-fast-forward\)/i

/** Where a hook speaks of forcing, the same without it may pass: that is asked first. */
const DECLINED =
  /\b(pre-receive|update|post-receive|reference-transaction) hook declined|hook declined\)/i
const LET_THROUGH =
  'A hook of the remote declines it, for the reason it gives: let it take the data branch, or keep baselines in a folder.'

const FINAL: readonly { readonly sign: RegExp; readonly remedy: string }[] = [
  {
    sign: /permission to .* denied|write access to repository not granted|error: 403|not accessible by integration/i,
    remedy:
      'Give the job `permissions: contents: write` to record a baseline; reading one needs `contents: read`.',
  },
  {
    sign: /authentication failed|could not read (username|password)|error: 401|invalid username or/i,
    remedy: 'Check the token: it is missing, expired or of another host.',
  },
  {
    sign: /repository .* not found|repository not found|does not appear to be a git repository|error: 404/i,
    remedy: 'Check the address of the remote, and that the token may see that repository.',
  },
  {
    sign: /unable to update url base from redirection|error: 30[1278]/i,
    remedy: 'The remote has moved: give its new address.',
  },
  {
    sign: /transport '.*' not allowed|unable to find remote helper/i,
    remedy: 'Use an https, ssh or file address.',
  },
  {
    sign: /certificate|ssl (peer|connect)/i,
    remedy: 'Make the certificate of the host known to git (http.sslCAInfo).',
  },
]

export function troubleOf(run: GitRun): Trouble {
  const said = `${run.stderr}\n${run.stdout.toString('utf8')}`
  const problem = run.timedOut ? 'git did not finish in time' : shortProblem(said)
  if (run.overgrown !== undefined) return tooMuch(run.overgrown)
  if (run.timedOut) return { kind: 'again', problem }
  if (run.killedBy !== undefined)
    return { kind: 'killed', problem: `git was ended by ${run.killedBy}` }
  const final = FINAL.find(({ sign }) => sign.test(said))
  if (final !== undefined) return { kind: 'final', problem, remedy: final.remedy }
  if (NO_BRANCH.test(said)) return { kind: 'no-branch', problem }
  if (NO_FILTER.test(said)) return { kind: 'no-filter', problem }
  if (NO_FORCE.test(said)) return { kind: 'no-force', problem }
  if (DECLINED.test(said)) return { kind: 'final', problem, remedy: LET_THROUGH }
  return { kind: 'again', problem }
}

/** Another try would bring as much. */
function tooMuch(bytes: number): Trouble {
  return {
    kind: 'final',
    problem: `the remote sent more than ${Math.round(bytes / MIB)} MiB of the branch, and was stopped`,
    remedy:
      'Let its git server leave out what is not asked for (uploadpack.allowFilter), remove what does not belong on the branch, lower baseline.keep, or keep baselines in a folder.',
  }
}

const MIB = 1024 * 1024

/** The telling lines of what git printed, in one line. */
function shortProblem(said: string): string {
  const lines = said.split('\n').map((line) => line.trim())
  const telling = lines.filter((line) => /^(fatal|error|remote|!)/.test(line))
  const chosen = telling.length > 0 ? telling : lines.filter((line) => line !== '')
  return chosen.slice(0, 4).join(' · ').slice(0, 400) || 'git said nothing'
}
