// The history of all gates as one page that needs nothing else: tables that work without a script, and
// charts drawn from the same numbers. Its own security policy allows only the scripts and styles in it.

import type { MetricId, MetricUnit } from '../../model/metric.ts'
import { metricLabel, metricUnit } from '../../model/metric-label.ts'
import { INTERVAL_LEVEL } from '../../model/verdict-policy.ts'
import * as format from '../format.ts'
import { escapeHtml, isWebAddress, pageHead } from '../render/render.ts'
import { stepWords } from '../step-words.ts'
import { CHART_SCRIPT, CHART_STYLE } from './chart-library.ts'
import { type Figure, shownBy } from './figures.ts'
import type { PageData, PageGate, PageRun, PageStanding } from './page-data.ts'
import { PAGE_SCRIPT } from './page-script.ts'
import { PAGE_STYLE } from './page-style.ts'

export { badgeJson } from './badge.ts'
export { type Figure, figureOf, figuresOf } from './figures.ts'
export type { PageData, PageGate, PageRun } from './page-data.ts'

export function historyPage(data: PageData): string {
  const style = `${CHART_STYLE}\n${PAGE_STYLE}`
  const script = `${CHART_SCRIPT}\n${PAGE_SCRIPT}`
  return [
    ...pageHead({ title: data.title, style, script }),
    `<header><h1>${escapeHtml(data.title)}</h1>${summary(data)}</header>`,
    '<main>',
    filters(data),
    ...data.gates.map(section),
    '</main>',
    `<footer>Made ${minute(data.madeAt)} UTC by ${escapeHtml(data.tool)}. Intervals are two-sided ${format.percent(INTERVAL_LEVEL)}, of the run's own requests.</footer>`,
    `<script type="application/json" id="data">${embedded(data)}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

function summary({ gates }: PageData): string {
  const runs = gates.reduce((sum, gate) => sum + gate.runs.length, 0)
  return `<p>${format.count(gates.length, 'gate')}, ${format.count(runs, 'run')}.</p>`
}

/** Shown by the script alone: without it there is nothing to choose. */
function filters({ gates }: PageData): string {
  const branches = [
    ...new Set(gates.flatMap(({ runs }) => runs.flatMap((run) => run.branch ?? []))),
  ]
  const gateOptions = gates.map(({ name }) => option(name, name))
  const shown = shownBy(gates.flatMap(({ runs }) => runs))
  const metricOptions = shown.map((id) => option(id, labelOf(id)))
  return [
    '<form id="filters" hidden>',
    select('gate', 'Gate', [option('', 'all gates'), ...gateOptions]),
    select('branch', 'Branch', [
      option('', 'all branches'),
      ...branches.map((name) => option(name, name)),
    ]),
    select('metric', 'Metric', metricOptions),
    '<label class="check"><input type="checkbox" id="log"> log scale</label>',
    '</form>',
  ].join('')
}

function select(id: string, label: string, options: readonly string[]): string {
  return `<span class="field"><label for="${id}">${label}</label><select id="${id}">${options.join('')}</select></span>`
}

function option(value: string, text: string): string {
  return `<option value="${escapeHtml(value)}">${escapeHtml(text)}</option>`
}

function section(gate: PageGate, index: number): string {
  return [
    `<section data-gate="${escapeHtml(gate.name)}" aria-labelledby="g${index}">`,
    `<h2 id="g${index}">${escapeHtml(gate.name)}</h2>`,
    `<p class="place">${format.count(gate.runs.length, 'run')} from ${escapeHtml(gate.place)}</p>`,
    `<div class="plot" id="plot${index}" hidden><div class="canvas" tabindex="0" role="img" aria-describedby="say${index}"></div><p class="say" id="say${index}" aria-live="polite"></p>${LEGEND}</div>`,
    epochs(gate),
    steps(gate),
    runTable(gate),
    '</section>',
  ].join('\n')
}

const LEGEND = `<ul class="legend"><li><span class="key accepted" aria-hidden="true"></span>accepted, with its interval</li><li><span class="key held" aria-hidden="true"></span>kept apart</li><li><span class="key change" aria-hidden="true"></span>pull request</li><li><span class="key epoch" aria-hidden="true"></span>new epoch accepted</li><li><span class="key step" aria-hidden="true"></span>step that was found</li></ul>`

function epochs({ epochs }: PageGate): string {
  if (epochs.length === 0) return ''
  const items = epochs.map(
    ({ at, by, reason }) =>
      `<li>${minute(at)}: accepted by ${escapeHtml(by)}: ${escapeHtml(reason)}</li>`,
  )
  return `<h3>Baseline epochs that were opened</h3><ul>${items.join('')}</ul>`
}

function steps({ runs }: PageGate): string {
  const found = runs.flatMap((run) => {
    const words = stepWords({ ...run, runId: run.id })
    return words === undefined ? [] : [`<li>${minute(run.startedAt)}: ${escapeHtml(words)}</li>`]
  })
  if (found.length === 0) return ''
  return `<h3>Steps that were found</h3><ul>${found.join('')}</ul>`
}

function runTable(gate: PageGate): string {
  const shown = shownBy(gate.runs)
  const head = ['Run', 'Commit', 'Standing', 'Requests', ...shown.map(labelOf)]
  const rows = [...gate.runs].reverse().map((run) => row(run, shown))
  return [
    `<details open><summary>Every run</summary><div class="scroll" tabindex="0" role="region" aria-label="Runs of ${escapeHtml(gate.name)}"><table>`,
    `<caption class="hidden">Runs of ${escapeHtml(gate.name)}, newest first</caption>`,
    `<thead><tr>${head.map((title) => `<th scope="col">${escapeHtml(title)}</th>`).join('')}</tr></thead>`,
    `<tbody>${rows.join('')}</tbody></table></div></details>`,
  ].join('')
}

function row(run: PageRun, shown: readonly MetricId[]): string {
  const figures = shown.map((id) => `<td>${figureText(run.figures[id], metricUnit(id))}</td>`)
  return `<tr data-branch="${escapeHtml(run.branch ?? '')}"><th scope="row">${minute(run.startedAt)}${run.opensEpoch ? ' <strong>new epoch</strong>' : ''}</th><td>${commit(run)}</td><td><span class="standing ${run.standing}">${STANDINGS[run.standing]}</span></td><td>${run.requests}</td>${figures.join('')}</tr>`
}

const STANDINGS: Readonly<Record<PageStanding, string>> = {
  accepted: 'accepted',
  held: 'kept apart',
  change: 'pull request',
}

function commit({ commit: sha, branch, href }: PageRun): string {
  const name = escapeHtml(sha === undefined ? (branch ?? '–') : format.shortCommit(sha))
  const shown =
    href !== undefined && isWebAddress(href) ? `<a href="${escapeHtml(href)}">${name}</a>` : name
  return sha === undefined || branch === undefined ? shown : `${shown} ${escapeHtml(branch)}`
}

function figureText(figure: Figure | undefined, unit: MetricUnit): string {
  if (figure === undefined) return '–'
  const { value, low, high } = figure
  // Of what, the column's title says: on every row it would push the last column off the screen.
  const shown = (number: number) => format.value(number, unit).replace(' per 1,000 answers', '')
  return `${shown(value)} <small>[${shown(low)}, ${shown(high)}]</small>`
}

function labelOf(id: string): string {
  return metricUnit(id) === 'USD' ? 'Cost per 1,000 answers' : metricLabel(id)
}

function minute(iso: string): string {
  return escapeHtml(iso.slice(0, 16).replace('T', ' '))
}

/** Inside a script element only `<` could end it; what nobody can see is left to the escape there. */
function embedded({ gates }: PageData): string {
  const drawn = gates.map(({ name, runs, epochs }) => ({ name, runs, epochs }))
  return JSON.stringify(drawn).replaceAll('<', '\\u003c')
}
