// The action as a function: an environment in, an exit code out. It alone turns trouble into words.

import { annotate, maskSecret } from '../../github/github.ts'
import { GateError } from '../../model/errors.ts'
import { EXIT, exitCodeOfError } from '../../model/exit-codes.ts'
import { proxySecrets } from '../../model/proxy.ts'
import { VERSION } from '../../model/tool.ts'
import { leaving } from '../../redact/redact.ts'
import { escapeLog } from '../../report/report.ts'
import { ConfigProblems } from '../config-source.ts'
import { issueLine } from '../issue-lines.ts'
import { issueAnnotations } from './annotations.ts'
import { gate } from './gate.ts'
import { type Job, type JobOptions, openJob } from './job.ts'
import { measureOnly } from './measure-only.ts'
import { publishArtifact } from './publish-artifact.ts'
import { publishProblem } from './publish-report.ts'
import { record } from './record.ts'

const MODES = { gate, record, measure: measureOnly, publish: publishArtifact } as const

export async function runAction(given: JobOptions): Promise<number> {
  const options = { ...given, write: (text: string) => given.write(escapeLog(leaving.text(text))) }
  let job: Job | undefined
  try {
    job = await openJob(options)
    for (const secret of secretsOf(job)) maskSecret(secret)
    job.screen.step(`Inference Gate ${VERSION}: ${job.mode} on ${job.event.name || 'no event'}`)
    return await MODES[job.mode](job)
  } catch (error) {
    return await explain(error, job, options).catch((bug: unknown) => explainBug(bug, options))
  }
}

function secretsOf({ inputs, env }: Job): readonly string[] {
  const { apiKey, referenceApiKey, githubToken } = inputs
  return [apiKey, referenceApiKey, githubToken, ...proxySecrets(env)].filter((key) => key !== '')
}

async function explain(error: unknown, job: Job | undefined, options: JobOptions): Promise<number> {
  if (!(error instanceof GateError)) return explainBug(error, options)
  const issues = error instanceof ConfigProblems ? error.issues : []
  for (const issue of issues) options.write(`${issueLine(issue)}\n`)
  const plain = { level: 'error' as const, title: 'Inference Gate', message: sentenceOf(error) }
  const annotations = issues.length === 0 ? [plain] : issueAnnotations(issues)
  annotate(annotations)
  if (job !== undefined) await reportProblem(job, error, options)
  return exitCodeOfError(error.kind)
}

/** A report that cannot be written takes nothing from what was said already. */
async function reportProblem(job: Job, error: GateError, options: JobOptions): Promise<void> {
  try {
    await publishProblem(job, problemOf(error), [])
  } catch (another) {
    if (!(another instanceof GateError)) throw another
    options.write(`there is no report of this: ${sentenceOf(another)}\n`)
  }
}

function explainBug(error: unknown, options: JobOptions): number {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error)
  annotate([{ level: 'error', title: 'A bug of Inference Gate', message: firstLine(trace) }])
  options.write(`${trace}\n`)
  return EXIT.bug
}

function problemOf(error: GateError) {
  return error instanceof ConfigProblems
    ? { kind: 'config' as const, issues: error.issues }
    : { kind: 'error' as const, message: error.message, remedy: error.remedy }
}

function sentenceOf({ message, remedy }: GateError): string {
  return `${message}${/[.!?]$/.test(message) ? '' : '.'} ${remedy}`
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text
}
