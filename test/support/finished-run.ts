import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Recorder, seededRandom, type IntervalDelta } from '@drumline/stats';
import { RunFile } from '@drumline/master/testing';
import { pastResult } from '@drumline/master/report';
import { storedRun } from './stored-run.js';

/** A finished run to write. */
export interface FinishedRun {
  /** First characters of its id, eight hexadecimal digits. */
  readonly id: string;
  /** Order of the runs: its day of January 2026. */
  readonly day: number;
  readonly seconds: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly users?: number;
  /** Median response time of a request, milliseconds. */
  readonly medianMs: (name: string, second: number) => number;
  /** Share of requests that fail. */
  readonly failing?: number;
  readonly requestsPerSecond?: number;
  /** Whether a second has orders beside the requests of `/`. */
  readonly hasOrders?: (second: number) => boolean;
}

/** Writes the file of a finished run, as a master does. @returns its path */
export function writeFinishedRun(dataDirectory: string, run: FinishedRun): string {
  const { id, day, seconds, labels, users = 5 } = run;
  const date = `2026-01-${String(day).padStart(2, '0')}`;
  const startedAt = `${date}T10:00:00.000Z`;
  const directory = join(dataDirectory, 'runs');
  mkdirSync(directory, { recursive: true });
  const path = join(directory, `${date.replaceAll('-', '')}T100000Z-shop-${id}.db`);
  const stored = storedRun({ runId: `${id}-0000-4000-8000-000000000000`, createdAt: startedAt });
  const clock = { startAtMs: 0, bootId: 'b', startedAt, pausedBeforeMs: 0 };
  const plan = { ...stored.plan, ...(labels && { labels }) };
  const file = RunFile.create(path, { ...stored, plan, clock });
  const random = seededRandom(Number.parseInt(id, 16));
  for (let second = 0; second < seconds; second += 1)
    file.apply([{ deltas: countsOf(run, second, random), users: [[second, users]] }]);
  file.close();
  finish(path);
  return path;
}

/** Adds the result, without the note that the run did not end. */
function finish(path: string): void {
  const unfinished = pastResult(path);
  const result = {
    ...unfinished,
    run: { ...unfinished.run, state: 'finished' },
    verdict: 'passed' as const,
    exit: 'passed',
    exitCode: 0,
    notes: [],
  };
  const file = RunFile.open(path);
  file.apply([{ run: { state: 'finished', result } }]);
  file.close();
}

const NAMES = ['/', '/orders'];

function countsOf(
  { medianMs, failing = 0, requestsPerSecond = 40, hasOrders = () => true }: FinishedRun,
  second: number,
  random: () => number,
): IntervalDelta[] {
  const recorder = new Recorder(0);
  for (let i = 0; i < requestsPerSecond; i += 1) {
    const name = hasOrders(second) ? NAMES[i % 2]! : '/';
    const isFailed = random() < failing;
    recorder.record({
      series: { protocol: 'http', method: name === '/' ? 'GET' : 'POST', name, user: 'Buyer', tags: [] },
      outcome: isFailed ? 'failed' : 'passed',
      status: isFailed ? 500 : 200,
      ...(isFailed && { failure: 'status 500' }),
      endedAtMs: second * 1_000 + (1_000 * i) / requestsPerSecond,
      durationUs: 1_000 * medianMs(name, second) * Math.exp(random() - 0.5),
      bytesSent: 10,
      bytesReceived: 20,
    });
  }
  return recorder.close((second + 1) * 1_000);
}
