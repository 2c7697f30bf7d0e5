/** Styles of the sections in page order: header, notes, tiles, charts, tables, exceptions. */
export const partStyle = `
.top { display: grid; grid-template-columns: 1fr auto; gap: 18px 24px; align-items: center; margin-bottom: 20px; }
.brand { display: flex; align-items: center; gap: 8px; color: var(--muted); font-size: 13px; font-weight: 600; margin-bottom: 8px; }
.brand svg { color: var(--blue); }
.target { color: var(--muted); margin-top: 4px; overflow-wrap: anywhere; }
.verdict { display: flex; align-items: center; gap: 10px; padding: 10px 22px 10px 16px; border-radius: 999px;
  font-size: 20px; font-weight: 700; border: 1px solid currentColor; }
.verdict.good { background: var(--good-soft); }
.verdict.bad { background: var(--bad-soft); }
.facts { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 12px 40px; padding-top: 16px; border-top: 1px solid var(--line); }
.outcome { grid-column: 1 / -1; max-width: 90ch; overflow-wrap: anywhere; }
dt { font-size: 12px; color: var(--muted); }
dd { font-weight: 500; }
dd .muted { font-weight: 400; }

.notes { background: var(--warn-soft); border: 1px solid var(--warn-line); border-radius: 12px; padding: 14px 20px; margin-bottom: 20px; }
.notes h2 { color: var(--warn); font-size: 15px; margin-bottom: 6px; }
.notes ul { padding: 0; list-style: none; display: grid; grid-template-columns: max-content 1fr; gap: 4px 18px; }
.notes li { display: contents; }
.notes span { overflow-wrap: anywhere; }
.notes code { color: var(--warn); line-height: 1.7; }

.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 12px; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 14px 18px; min-width: 0; }
.tile h2 { font-size: 13px; font-weight: 500; color: var(--muted); letter-spacing: 0; }
.tile .value { font-size: 27px; line-height: 1.3; font-weight: 650; letter-spacing: -0.02em; white-space: nowrap; }
.tile .value small { font-size: 0.6em; font-weight: 500; color: var(--muted); letter-spacing: 0; }
.tile.bad .value, .tile.good .value { color: inherit; }
.tile.bad .value { color: var(--bad); }
.tile .detail { font-size: 13px; color: var(--muted); overflow-wrap: anywhere; }
.tile.bad, .tile.good { color: var(--text); }

.charts figure + figure { margin-top: 18px; }
figcaption { display: flex; justify-content: space-between; font-weight: 600; font-size: 14px; margin-bottom: 2px; }
figcaption label { font-weight: 400; font-size: 13px; color: var(--muted); display: flex; align-items: center; gap: 6px; cursor: pointer; }
input[type=checkbox] { accent-color: var(--blue); margin: 0; }
.charts [role=img] { min-height: 258px; overflow: hidden; }
.uplot { font: inherit; width: 100%; }
.u-legend { font-size: 13px; text-align: left; margin: 0 0 0 66px; width: auto; }
.u-inline tr { margin-right: 18px; }
.u-series > * { padding: 2px 0; }
.u-series th { font-weight: 500; color: var(--muted); }
.u-legend .u-marker { width: 12px; height: 12px; border-radius: 3px; margin-right: 6px; }
.u-legend .u-value { font-weight: 600; min-width: 4.5em; padding-left: 4px; }
.u-select { background: var(--bar); }
.u-hz .u-cursor-x, .u-vt .u-cursor-y { border-right-color: var(--muted); }
.u-hz .u-cursor-y, .u-vt .u-cursor-x { border-bottom-color: var(--muted); }

/* Tables wider than the screen show a shadow at the edge and a permanent scroll bar. */
.scroll { scrollbar-width: thin; scrollbar-color: var(--muted) var(--soft); }
.scroll::-webkit-scrollbar { height: 9px; width: 9px; }
.scroll::-webkit-scrollbar-track { background: var(--soft); }
.scroll::-webkit-scrollbar-thumb { background: var(--muted); border-radius: 5px; border: 2px solid var(--soft); }
.scroll.wide { box-shadow: inset -14px 0 12px -12px var(--shadow); }
.scroll.wide.at-end { box-shadow: none; }
.more { font-size: 13px; color: var(--muted); }
.partial { font-size: 13px; margin-top: 10px; }
.swatch { display: inline-block; width: 12px; height: 12px; border-radius: 3px; background: var(--partial); border: 1px solid var(--line); vertical-align: -1px; margin-right: 4px; }
.plan { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); gap: 14px 40px; }
.plan dd { overflow-wrap: anywhere; }
.line { display: block; }

.count { color: var(--muted); font-weight: 500; font-size: 14px; }
.scroll { overflow: auto; max-height: min(80vh, 900px); margin: 0 -20px -18px; border-radius: 0 0 12px 12px; }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 13.5px; }
.u-legend { border-spacing: 0; }
.scroll th, .scroll td { padding: 7px 9px; text-align: left; white-space: nowrap; border-bottom: 1px solid var(--line); vertical-align: top; }
.scroll tr > :first-child { padding-left: 20px; }
.scroll tr > :last-child { padding-right: 20px; }
.scroll tr:last-child > * { border-bottom: 0; }
.scroll tbody:not(:last-child) tr:last-child > * { border-bottom: 1px solid var(--line); }
.scroll .num { text-align: right; }
thead th { position: sticky; top: 0; z-index: 2; background: var(--card); font-weight: 500; padding: 0 !important; }
thead button { font: inherit; color: var(--muted); background: none; border: 0; padding: 7px 9px; width: 100%; text-align: inherit; white-space: nowrap; cursor: pointer; position: relative; }
thead th:first-child button { padding-left: 20px; }
thead th:last-child button { padding-right: 20px; }
thead button:hover, th[aria-sort] button { color: var(--text); }
th[aria-sort] button::after { content: '↓'; position: absolute; margin-left: 3px; }
th[aria-sort].num button::after { margin-left: 0; right: -2px; }
th[aria-sort=ascending] button::after { content: '↑'; }
tbody th { font-weight: 500; }
tbody tr:hover > * { background-color: var(--soft); }
tfoot > tr > * { position: sticky; bottom: 0; background: var(--card); font-weight: 650; border-top: 1px solid var(--line); }
.share { background: linear-gradient(var(--blue), var(--blue)) no-repeat right 9px top calc(7px + 1.5em) / calc(var(--share) * 0.78) 2px; }
.name, .message { display: inline-block; white-space: normal; overflow-wrap: anywhere; min-width: min(12em, 46vw); max-width: 44em; }
.method { color: var(--muted); font-size: 0.88em; margin-right: 2px; }
.tag { font-size: 12px; background: var(--soft); border-radius: 5px; padding: 1px 6px; color: var(--muted); white-space: nowrap; }
.mark { display: inline-block; width: 1.3em; font-weight: 700; }
.lanes > span { margin-left: 6px; }
.parts { display: flex; width: 220px; height: 12px; margin-top: 4px; border-radius: 3px; overflow: hidden; background: var(--soft); }
.key { display: inline-block; width: 9px; height: 9px; border-radius: 2px; margin-right: 5px; }
.late { background: var(--muted); } .queued { background: var(--red); } .connect { background: var(--violet); } .send { background: var(--amber); }
.wait { background: var(--blue); } .receive { background: var(--teal); }
input[type=search] { font: inherit; font-size: 14px; color: inherit; background: var(--page); border: 1px solid var(--line); border-radius: 8px; padding: 4px 10px; width: 220px; max-width: 100%; }

.exception { border-top: 1px solid var(--line); padding: 8px 0; }
.exception summary { cursor: pointer; overflow-wrap: anywhere; }
.exception .message { display: inline; font-weight: 600; }
.exception .times { color: var(--bad); font-weight: 600; }
pre { background: var(--soft); border-radius: 8px; padding: 12px 14px; margin-top: 8px; font-size: 13px; line-height: 1.5; overflow: auto; }

@media (max-width: 900px) { .tiles { grid-template-columns: repeat(2, 1fr); } }
@media (max-width: 640px) { .top { grid-template-columns: 1fr; } .verdict { justify-self: start; } .facts { gap: 10px 28px; }
  .notes ul { grid-template-columns: 1fr; gap: 2px; } .notes li span { margin-bottom: 6px; } .tile { padding: 10px 14px; } .tile .value { font-size: 22px; }
  .scroll { margin: 0 -14px -14px; } .scroll tr > :first-child, thead th:first-child button { padding-left: 14px; } .u-legend { margin-left: 0; } .name, .message { min-width: 9em; max-width: 46vw; }
  .scroll tbody th, .scroll tfoot th, .scroll thead th:first-child { position: sticky; left: 0; z-index: 1; background: var(--card); border-right: 1px solid var(--line); }
  .scroll thead th:first-child { z-index: 3; } }
@media print { .scroll { overflow: visible; max-height: none; margin: 0; } .scroll th, .scroll td { padding: 4px 5px; }
  .scroll tr > :first-child { padding-left: 0; } thead th, tfoot > tr > * { position: static; } tfoot { display: table-row-group; } thead button { padding: 4px 5px !important; }
  table { font-size: 10px; } .name, .message { min-width: 0; } .tiles { grid-template-columns: repeat(4, 1fr); } .tile .value { font-size: 18px; } .charts [role=img] { min-height: 0; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; } }`;
