import {
  EXIT_CODES,
  type ExitName,
  formatDuration,
  LOST_STARTS,
  outcomeLine,
  reasonsIn,
} from '@drumline/model';
import type { RunResult, Verdict } from '@drumline/wire';
import { formatInstant } from '../format.js';
import { type Markup, type Part, markup } from './markup.js';

const VERDICTS: Readonly<Record<Verdict, string>> = {
  passed: 'Passed',
  failed: 'Failed',
  'stopped-early': 'Stopped early',
  'nothing-measured': 'Nothing measured',
};

/** Renders the verdict, scenario, target, start, duration and exit of a run. */
export function renderHeader(result: RunResult): Markup {
  const { run, verdict, exit, exitCode } = result;
  const passed = verdict === 'passed';
  return markup`<header class="top">
<div class="headline">
<p class="brand"><svg viewBox="0 0 16 12" width="20" height="15" aria-hidden="true"><path d="M1 5v4M4.5 2v8M8 4v6M11.5 1v10M15 4v4" stroke="currentColor" stroke-width="2" stroke-linecap="round"/></svg> Drumline load test report</p>
<h1>${run.scenario}</h1>
${run.target && markup`<p class="target">${run.target}</p>`}
</div>
<p class="verdict ${passed ? 'good' : 'bad'}"><svg viewBox="0 0 24 24" width="26" height="26" aria-hidden="true"><path d="${passed ? 'M5 13l4.5 4.5L19 7' : 'M6 6l12 12M18 6L6 18'}" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg> ${VERDICTS[verdict]}</p>
<dl class="facts">
${fact('Started', markup`<time datetime="${run.startedAt}">${formatInstant(run.startedAt)}</time>`)}
${fact('Duration', formatDuration(run.durationMs))}
${fact('State', run.state)}
${Object.entries(run.labels ?? {}).map(([name, value]) => fact(name, value))}
${Object.entries(run.parameters ?? {}).map(([name, value]) => fact(name, String(value)))}
${fact(`Exit ${exitCode}`, markup`<strong>${exit}</strong> <span class="muted">${meaningOf(exit)}</span>`)}
</dl>
${outcome(result)}
</header>`;
}

/** What failed and what did not, lost starts, and an ending that the counts do not show. */
function outcome(result: RunResult): Markup {
  const { exit } = result;
  const told = exit === 'passed' || exit === 'requests-failed' || exit === 'thresholds-failed';
  const more = reasonsIn(result).filter(({ code }, i) => code === LOST_STARTS || (i === 0 && !told));
  const line = outcomeLine(result);
  return markup`<p class="outcome"><strong>${line.charAt(0).toUpperCase()}${line.slice(1)}.</strong>${more.map(({ message }) => markup` ${message}`)}</p>`;
}

function fact(name: string, value: Part): Markup {
  return markup`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function meaningOf(exit: string): string {
  return Object.hasOwn(EXIT_CODES, exit) ? EXIT_CODES[exit as ExitName].meaning : '';
}
