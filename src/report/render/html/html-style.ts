// The page's only style sheet, written into the page: it works from a file, without a network. Light
// and dark as the reader's system has it; on a narrow screen each row of a table becomes a card.

export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --card: #f6f8fa; --ink: #1f2328; --faint: #59636e; --rule: #d1d9e0;
  --good: #1a7f37; --bad: #cf222e; --doubt: #9a6700; --note: #0969da;
  --good-soft: #dafbe1; --bad-soft: #ffebe9; --doubt-soft: #fff8c5; --note-soft: #ddf4ff;
  --baseline: #6e7781; --candidate: #bc4c00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --card: #151b23; --ink: #f0f6fc; --faint: #9198a1; --rule: #3d444d;
    --good: #3fb950; --bad: #f85149; --doubt: #d29922; --note: #4493f8;
    --good-soft: #12261e; --bad-soft: #2d1416; --doubt-soft: #272115; --note-soft: #121d2f;
    --baseline: #9198a1; --candidate: #f0883e;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 66rem;
  background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.25rem 0 .75rem; overflow-wrap: anywhere; }
h3, .next { font-size: 1rem; margin: 1.25rem 0 .5rem; }
p { margin: .5rem 0; overflow-wrap: anywhere; }
code {
  font: .875em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  background: var(--card); border-radius: .25rem; padding: .1em .35em; overflow-wrap: anywhere;
}
a { color: var(--note); }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--note); outline-offset: 2px; }
ul, ol { padding-left: 1.5rem; margin: .5rem 0; }
li { margin: .25rem 0; overflow-wrap: anywhere; }
.alert { border-left: .3rem solid var(--note); background: var(--note-soft); border-radius: .375rem; padding: .5rem 1rem; margin: 0 0 1.25rem; }
.alert.tip { border-color: var(--good); background: var(--good-soft); }
.alert.warning { border-color: var(--doubt); background: var(--doubt-soft); }
.alert.caution { border-color: var(--bad); background: var(--bad-soft); }
.alert code { background: transparent; padding: 0; }
.mark { font-weight: 700; display: inline-block; width: 1.2em; text-align: center; }
.good, .better, .accepted { color: var(--good); }
.bad, .broken { color: var(--bad); }
.doubt, .open { color: var(--doubt); }
.off { color: var(--faint); }
.table { width: 100%; border-collapse: collapse; margin: .75rem 0; font-size: .9375rem; font-variant-numeric: tabular-nums; }
.table th, .table td { text-align: left; vertical-align: top; padding: .45rem .6rem; border-bottom: 1px solid var(--rule); }
.table thead th { color: var(--faint); font-weight: 600; font-size: .8125rem; }
.table .right { text-align: right; white-space: nowrap; }
.table td:has(.mark) { white-space: nowrap; }
.table tbody th { font-weight: 400; }
.table .keep { background: var(--bad-soft); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
details { border: 1px solid var(--rule); border-radius: .375rem; margin: .6rem 0; padding: 0 .9rem; }
details[open] { padding-bottom: .6rem; }
summary { cursor: pointer; padding: .5rem 0; font-weight: 600; overflow-wrap: anywhere; }
figure { margin: .5rem 0 1.25rem; }
figcaption { font-weight: 600; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .15rem 0; color: var(--faint); font-size: .875rem; }
.legend svg { width: 1.6rem; height: .7rem; margin-right: .35rem; }
.chart { width: 100%; height: auto; display: block; }
.chart text { font: 11px system-ui, sans-serif; fill: var(--faint); }
.chart .grid { stroke: var(--rule); stroke-width: 1; }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.line.baseline { stroke: var(--baseline); stroke-dasharray: 5 4; }
.line.candidate { stroke: var(--candidate); }
.dot.baseline { fill: var(--baseline); }
.dot.g0, .dot.candidate { fill: var(--candidate); }
.dot.g1 { fill: var(--note); }
.dot.g2 { fill: var(--good); }
.ring { fill: none; stroke: var(--doubt); stroke-width: 1.2; }
.band { fill: var(--baseline); opacity: .22; }
.limit { stroke: var(--bad); stroke-width: 2; stroke-dasharray: 6 3; fill: none; }
.failure { stroke: var(--bad); stroke-width: 1.5; }
footer { margin-top: 2.5rem; padding-top: .75rem; border-top: 1px solid var(--rule); color: var(--faint); font-size: .875rem; }
@media (max-width: 40rem) {
  .table, .table tbody, .table tr, .table th, .table td { display: block; }
  .table thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .table tr { border: 1px solid var(--rule); border-radius: .375rem; margin: .6rem 0; padding: .35rem .75rem; }
  .table th, .table td, .table .right { border: 0; padding: .15rem 0; text-align: right; display: flex; justify-content: space-between; gap: 1rem; white-space: normal; overflow-wrap: anywhere; }
  .table tbody th { font-weight: 600; }
  .table td:has(.mark) { white-space: normal; }
  .table [data-label]::before { content: attr(data-label); color: var(--faint); font-weight: 400; text-align: left; flex: none; }
}
@media (max-width: 40rem) {
  .chart text { font-size: 18px; }
  .chart.crowded text.odd { display: none; }
}
@media print { details > * { display: block; } }
`
