import type { RunResult } from '@drumline/wire';
import { formatInstant } from '../format.js';
import { clientScript } from './client.js';
import { type Markup, markup, trusted } from './markup.js';
import { style } from './style.js';
import { readUplot } from './uplot.js';

/** The security policy says it to the browser too: this page loads nothing and sends nothing. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/** The document around the report: style sheet, scripts and footer. */
export function renderPage({ run, verdict }: RunResult, body: Markup): string {
  const uplot = readUplot();
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Drumline ${run.drumline}">
<title>${run.scenario} ${verdict} · Drumline</title>
<link rel="icon" href="data:,">
<style>${uplot.style}${trusted(style)}</style>
</head>
<body>
${body}
<footer>
<p>Run <code>${run.id}</code> · ended ${formatInstant(run.endedAt)} · made by Drumline ${run.drumline}</p>
</footer>
<script>${uplot.script}</script>
<script>${trusted(clientScript)}</script>
</body>
</html>
`.text;
}
