// The report file as TypeScript sees it, member by member as in schema/report.schema.json. Null
// stands for what is not known.

import type { Asked } from '../../model/asked.ts'
import type { Attribution } from '../../model/attribution.ts'
import type { ChartData } from '../../model/chart-data.ts'
import type { LoadShape, Subject } from '../../model/config.ts'
import type { Effort } from '../../model/effort.ts'
import type { BaselineNote, MemberChange } from '../../model/history.ts'
import type { MetricUnit } from '../../model/metric.ts'
import type { ReportProblem } from '../../model/report-document.ts'
import type { ErrorKind } from '../../model/request-record.ts'
import type { Conditions, Invalidity, RunWarning } from '../../model/run.ts'
import type {
  Acceptance,
  Dropped,
  Evidence,
  GateResult,
  GateVerdict,
  HeldBack,
  MetricJudgement,
  MetricVerdict,
  NotAffected,
  Reason,
  ReportContext,
  Settlement,
} from '../../model/verdict.ts'
import type { WaitFamily } from '../../model/wait.ts'

export const REPORT_SCHEMA_VERSION = 1

type NullableNumber = number | null
export type FileInterval = readonly [NullableNumber, NullableNumber]

export type FileLimit = {
  readonly increase?: number
  readonly decrease?: number
  readonly floor: number
  readonly ceiling?: number
  readonly minimum?: number
  readonly must_detect: number
  readonly drift?: number
  readonly stated: boolean
}

export type FileMetric = {
  readonly id: string
  readonly unit: MetricUnit
  readonly baseline: NullableNumber
  readonly candidate: NullableNumber
  readonly change: NullableNumber
  readonly interval: FileInterval | null
  /** How often such an interval covers the true change. Absent without one. */
  readonly level?: number
  readonly limit: FileLimit | null
  readonly verdict: MetricVerdict
  readonly reason: Reason & { readonly text: string }
  readonly requests: number
  readonly history: number
  readonly label: string
  readonly better: 'lower' | 'higher'
  readonly scale: 'ratio' | 'difference'
  readonly failuresReach: readonly ('baseline' | 'candidate')[]
  readonly survivorsOnly?: number
  readonly ceilingHolds?: boolean
  readonly evidence: Evidence
  readonly detectable?: { readonly at80: NullableNumber; readonly best: NullableNumber }
  readonly step?: MetricJudgement['step']
  readonly resolution?: number
  readonly settles: readonly Settlement[]
  readonly heldBack?: HeldBack
  readonly baseBranch?: MetricJudgement['baseBranch']
  readonly accepted?: Acceptance
  readonly drift?: {
    readonly total: number
    readonly interval: FileInterval
    readonly since: string
    readonly runs: number
    readonly tolerated?: number
  }
}

export type FileCost = {
  readonly usd: NullableNumber
  readonly reason: 'no-prices' | 'usage-unknown' | null
  readonly estimated: boolean
}

export type FileChartData = {
  /** Absent in reports of streams alone: TTFT. */
  readonly family?: WaitFamily
  readonly quantiles: {
    readonly probabilities: readonly number[]
    readonly baseline: readonly NullableNumber[]
    readonly candidate: readonly NullableNumber[]
    readonly band?: {
      readonly low: readonly NullableNumber[]
      readonly high: readonly NullableNumber[]
    }
    readonly limits?: ChartData['quantiles']['limits']
  }
  readonly trend: readonly {
    readonly runId: string
    readonly startedAt: string
    readonly p50Ms: NullableNumber
    readonly p95Ms: NullableNumber
  }[]
}

export type FileGate = {
  readonly name: string
  readonly verdict: GateVerdict
  readonly headline: string
  readonly asked?: Asked
  readonly notAffected?: NotAffected
  readonly attributions?: readonly Attribution[]
  readonly shares?: GateResult['shares']
  readonly metrics: readonly FileMetric[]
  readonly errors: Readonly<Partial<Record<ErrorKind, number>>>
  readonly errorExamples?: GateResult['errorExamples']
  readonly validity?: GateResult['validity']
  readonly costParts?: GateResult['costParts']
  readonly promptChanges?: GateResult['promptChanges']
  readonly cost: {
    readonly spentUsd: NullableNumber
    readonly perAnswerUsd: NullableNumber
    readonly estimated: boolean
    readonly unknown: 'no-prices' | 'usage-unknown' | null
  }
  readonly requests: number
  readonly conditions: Conditions | null
  readonly subject: Subject
  readonly completed: number
  readonly probes: number
  readonly subjectChanges: readonly MemberChange[]
  readonly loadShape: LoadShape
  readonly invalidities: readonly Invalidity[]
  readonly warnings: readonly RunWarning[]
  readonly notes: readonly BaselineNote[]
  readonly baseline: { readonly place: string; readonly runs: number }
  readonly effort: Effort
  readonly seed: number
  readonly chartData: FileChartData | null
}

type FileHead = {
  readonly schemaVersion: typeof REPORT_SCHEMA_VERSION
  readonly tool: string
  readonly verdict: GateVerdict
  readonly headline: string
  readonly requests: number
  readonly spent: FileCost
}

export type ReportFile = FileHead & {
  readonly gates: readonly FileGate[]
  readonly context: {
    readonly mode: ReportContext['mode']
    readonly entrypoint?: ReportContext['entrypoint']
    readonly preview?: boolean
    readonly headCommit: string | null
    readonly baseCommit: string | null
    readonly baseBranch: string | null
    readonly runUrl: string | null
    readonly limitsFrom: ReportContext['limitsFrom']
    readonly proposedChanges: readonly MemberChange[]
    readonly dropped?: Dropped
    readonly acceptLabel: string
    readonly config?: string
    readonly acceptLabelIsStale?: boolean
    readonly blocking: ReportContext['blocking']
  }
}

export type ReportFileProblem = FileHead & {
  readonly gates: readonly []
  readonly context: null
  readonly problem: ReportProblem
}
