import type { RunResult, Verdict } from '@drumline/client';
import {
  EXIT_CODES,
  type ExitName,
  formatDuration,
  formatInstant,
  LOST_STARTS,
  outcomeLine,
  reasonsIn,
} from '@drumline/model';
import { Fact } from './marks.js';

const VERDICTS: Readonly<Record<Verdict, string>> = {
  passed: 'Passed',
  failed: 'Failed',
  'stopped-early': 'Stopped early',
  'nothing-measured': 'Nothing measured',
};

/** `Failed`, with a sign and a color. */
export function VerdictBadge({ verdict }: { readonly verdict: Verdict }) {
  const passed = verdict === 'passed';
  return (
    <p class={`verdict ${passed ? 'good' : 'bad'}`} role="status" aria-live="polite">
      <span aria-hidden="true">{passed ? '✓' : '✗'}</span> {VERDICTS[verdict]}
    </p>
  );
}

/** Start, duration, labels, parameters and exit code of a run, and its outcome in words. */
export function Facts({ result }: { readonly result: RunResult }) {
  const { run, exit, exitCode } = result;
  return (
    <div class="summary">
      <dl class="run-facts">
        <Fact name="Started">
          <time dateTime={run.startedAt}>{formatInstant(run.startedAt)}</time>
        </Fact>
        <Fact name="Duration">{formatDuration(run.durationMs)}</Fact>
        <Fact name="State">{run.state}</Fact>
        {Object.entries(run.labels ?? {}).map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
        {Object.entries(run.parameters ?? {}).map(([name, value]) => (
          <Fact key={name} name={name}>
            {String(value)}
          </Fact>
        ))}
        <Fact name={`Exit code ${exitCode}`}>
          <strong>{exit}</strong> <span class="muted">{meaningOf(exit)}</span>
        </Fact>
      </dl>
      <Outcome result={result} />
    </div>
  );
}

/** What failed and what did not, lost starts, and an ending that the counts do not show. */
function Outcome({ result }: { readonly result: RunResult }) {
  const { exit } = result;
  const told = exit === 'passed' || exit === 'requests-failed' || exit === 'thresholds-failed';
  const more = reasonsIn(result).filter(({ code }, i) => code === LOST_STARTS || (i === 0 && !told));
  const line = outcomeLine(result);
  return (
    <p class="outcome">
      <strong>
        {line.charAt(0).toUpperCase()}
        {line.slice(1)}.
      </strong>
      {more.map(({ message }) => ` ${message}`)}
    </p>
  );
}

function meaningOf(exit: string): string {
  return Object.hasOwn(EXIT_CODES, exit) ? EXIT_CODES[exit as ExitName].meaning : '';
}
