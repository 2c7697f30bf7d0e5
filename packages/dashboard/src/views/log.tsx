import type { LogLine } from '@drumline/client';
import { useEffect, useState } from 'preact/hooks';
import { formatInstant } from '../format.js';
import type { LiveRun } from '../run/live-run.js';
import { messageOf } from '../parts/message-of.js';

const MAX_LINES = 2_000;

/** What the run printed and noted. */
export function Log({ run }: { readonly run: LiveRun }) {
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  const [problem, setProblem] = useState<string | undefined>(undefined);
  useEffect(() => {
    const ended = new AbortController();
    const follow = async (): Promise<void> => {
      for await (const line of run.client.followLogs({ signal: ended.signal }))
        setLines((before) => [...before, line].slice(-MAX_LINES));
    };
    follow().catch((error: unknown) => {
      if (!ended.signal.aborted) setProblem(messageOf(error));
    });
    return () => ended.abort();
  }, [run]);
  return (
    <section class="card" aria-label="Log">
      <h2>Log</h2>
      {problem !== undefined && <p class="problem">{problem}</p>}
      {lines.length === 0 && <p class="muted">The run has printed nothing.</p>}
      <ol class="log" tabIndex={0}>
        {lines.map((line) => (
          <li key={line.number}>
            <time>{formatInstant(line.at)}</time> {line.text}
          </li>
        ))}
      </ol>
    </section>
  );
}
