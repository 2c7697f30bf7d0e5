const light = `color-scheme: light;
  --page: #f5f6f8; --card: #ffffff; --text: #161b22; --muted: #57606a; --line: #e3e6ea; --grid: #eceef1;
  --soft: #f0f2f5; --good: #0f7a45; --good-soft: #e2f4ea; --bad: #c4262e; --bad-soft: #fdeaea;
  --warn: #7a5000; --warn-soft: #fff5dc; --warn-line: #e8c46a;
  --blue: #2f62e0; --blue-fill: #2f62e01f; --red: #d0313a; --red-fill: #d0313a40;
  --teal: #0d8f82; --amber: #b86e00; --violet: #7c3fd0; --bar: #2f62e02b; --partial: #57606a24; --shadow: #161b2266;`;

const dark = `color-scheme: dark;
  --page: #0d1117; --card: #161b22; --text: #e6edf3; --muted: #9da7b3; --line: #2b323b; --grid: #232a32;
  --soft: #1f262e; --good: #4cd08c; --good-soft: #12301f; --bad: #ff7f78; --bad-soft: #3a1719;
  --warn: #f0c766; --warn-soft: #2b2412; --warn-line: #6b5518;
  --blue: #79a6ff; --blue-fill: #79a6ff26; --red: #ff7f78; --red-fill: #ff7f7850;
  --teal: #45d1bf; --amber: #f0b04f; --violet: #b794ff; --bar: #79a6ff33; --partial: #9da7b330; --shadow: #000000cc;`;

/** Light and dark colors, and styles of the whole page. Print always uses the light colors. */
export const themeStyle = `
:root { ${light} }
@media screen and (prefers-color-scheme: dark) { :root:not(.print) { ${dark} } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 28px 24px 48px; max-width: 1400px; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
  font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%; }
h1, h2, p, dl, dd, ul, figure, pre { margin: 0; }
h1 { font-size: 30px; line-height: 1.2; letter-spacing: -0.02em; overflow-wrap: anywhere; }
h2 { font-size: 17px; letter-spacing: -0.01em; }
code, pre, .method, .tag { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
code { font-size: 0.9em; }
small { font-size: 0.82em; font-weight: inherit; }
[hidden] { display: none !important; }
:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; }
.muted { color: var(--muted); }
.good { color: var(--good); }
.bad { color: var(--bad); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; margin-top: 20px; padding: 18px 20px; }
.bar { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 4px 20px; margin-bottom: 12px; }
.bar p { font-size: 13px; }
footer { margin-top: 28px; color: var(--muted); font-size: 13px; text-align: center; overflow-wrap: anywhere; }
@media (max-width: 640px) { body { padding: 18px 12px 32px; } h1 { font-size: 24px; } .card { padding: 14px; } }
@media print { html, body { background: none; }
  body { padding: 0; max-width: none; font-size: 12px; } h2 { break-after: avoid; } .screen-only { display: none !important; }
  .card, .tile { border-color: #ccc; } .card { break-inside: auto; } figure, tr, .tile, .notes { break-inside: avoid; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
@page { size: landscape; margin: 12mm; }`;
