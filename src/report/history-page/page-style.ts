// The history page's own style sheet: light and dark as the reader's system has it, one column on a phone.

export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --card: #f6f8fa; --ink: #1f2328; --faint: #59636e; --rule: #d1d9e0;
  --accepted: #0969da; --band: rgba(9, 105, 218, .15); --held: #cf222e; --change: #8250df; --epoch: #9a6700;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --card: #151b23; --ink: #f0f6fc; --faint: #9198a1; --rule: #3d444d;
    --accepted: #4493f8; --band: rgba(68, 147, 248, .2); --held: #f85149; --change: #ab7df8; --epoch: #d29922;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 72rem; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2rem 0 0; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
p { margin: .25rem 0; }
a { color: var(--accepted); }
.place, footer, .say, small { color: var(--faint); }
:focus-visible { outline: 2px solid var(--accepted); outline-offset: 2px; }
#filters { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; margin: 1rem 0; padding: .75rem; background: var(--card); border-radius: .375rem; }
#filters[hidden] { display: none; }
#filters select { max-width: 16rem; padding: .3rem .5rem; font: inherit; color: var(--ink); background: var(--page); border: 1px solid var(--rule); border-radius: .25rem; }
.field { display: inline-flex; gap: .4rem; align-items: center; }
.check { display: inline-flex; gap: .35rem; align-items: center; }
.plot { margin: .75rem 0; }
.canvas { min-height: 260px; }
.say { min-height: 1.5em; font-size: .9375rem; font-variant-numeric: tabular-nums; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .25rem 0; padding: 0; list-style: none; color: var(--faint); font-size: .875rem; }
.key { display: inline-block; width: .75rem; height: .75rem; margin-right: .4rem; }
.key.accepted { background: var(--accepted); border-radius: 50%; }
.key.held { background: var(--held); transform: rotate(45deg) scale(.85); }
.key.change { background: var(--change); }
.key.epoch { width: 0; border-left: 2px dashed var(--epoch); }
.key.step { width: 0; border-left: 2px dotted var(--ink); }
.scroll { overflow-x: auto; }
summary { cursor: pointer; padding: .35rem 0; font-weight: 600; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; width: 100%; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--rule); white-space: nowrap; vertical-align: top; }
thead th { color: var(--faint); }
tbody th { font-weight: 400; }
small { display: block; }
.standing.held { color: var(--held); font-weight: 600; }
.standing.change { color: var(--change); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
tr[hidden], section[hidden] { display: none; }
footer { margin-top: 2.5rem; padding-top: .75rem; border-top: 1px solid var(--rule); font-size: .875rem; }
.u-legend { display: none; }
`
