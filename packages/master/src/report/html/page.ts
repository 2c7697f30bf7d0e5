import { createHash } from 'node:crypto';
import type { RunResult } from '@drumline/wire';
import { formatInstant } from '../format.js';
import { clientScript } from './client.js';
import { type Markup, markup, trusted } from './markup.js';
import { style } from './style.js';
import { readUplot } from './uplot.js';

/** The browser holds the page to it: it loads nothing, sends nothing, and runs these scripts alone. */
function policyFor(scripts: readonly Markup[]): string {
  const hashes = scripts.map(({ text }) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return `default-src 'none'; script-src ${hashes.join(' ')}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
}

/** The document around the report: style sheet, scripts and footer. */
export function renderPage({ run, verdict }: RunResult, body: Markup): string {
  const uplot = readUplot();
  const scripts = [uplot.script, trusted(clientScript)];
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policyFor(scripts)}">
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
${scripts.map((script) => markup`<script>${script}</script>\n`)}</body>
</html>
`.text;
}
