import { ApiError, type MasterClient } from '@drumline/client';
import { messageOf, type Millis } from '@drumline/model';
import { followRun } from '../run/follow-run.js';
import { readsSeriesOf, writeOutputs, type Outputs } from '../run/outputs.js';
import type { Screen } from '../run/screen.js';
import type { Kubectl } from './kubectl.js';
import { VERDICT } from './pods.js';
import { stopping } from './stopping.js';
import type { RunPods } from './watch-pods.js';

/** A master resumes only a run that was written within this time. */
const AWAY_FOR_MS: Millis = 600_000;
const FINISH_AGAIN_MS = 250;
const FINISH_ATTEMPTS = 20;

interface Collected {
  readonly kubectl: Kubectl;
  readonly master: MasterClient;
  readonly runId: string;
  /** Name of the run in Kubernetes. */
  readonly name: string;
  /** Name of the master's Job. */
  readonly job: string;
  readonly outputs: Outputs;
  readonly out: NodeJS.WriteStream;
  readonly quiet: boolean;
  /** Whether Ctrl-C stops the run. Otherwise it ends only this command. */
  readonly stopsOnInterrupt: boolean;
  readonly pods: RunPods;
  /** Set if why workers do not start is printed. */
  readonly workers?: number;
}

/**
 * Follows a run in Kubernetes to its end, writes its reports, labels its Job with the verdict, and
 * lets its master end.
 * @returns the exit code of the run
 */
export async function collect(collected: Collected): Promise<number> {
  const { kubectl, master, runId, name, job, outputs, out, quiet, pods, workers } = collected;
  const run = master.run(runId);
  const ended = new AbortController();
  const lost = new AbortController();
  const watching = [
    workers === undefined ? Promise.resolve() : pods.workersAre(workers, ended.signal),
    pods.masterLost(job, ended.signal).then((error) => error && lost.abort(error)),
  ];
  let verdict = 'failed';
  try {
    const { exitCode, result } = await followRun(run, {
      json: false,
      out,
      quiet,
      reconnect: true,
      retryForMs: AWAY_FOR_MS,
      signal: lost.signal,
      onScreen: (screen) => pods.printTo((line) => screen.warn(line)),
      ...(collected.stopsOnInterrupt && {
        interrupts: (screen: Screen) => stopping({ run, name, screen, ended: ended.signal }),
      }),
    });
    verdict = result?.verdict ?? verdict;
    const files = quiet ? process.stderr : out;
    if (result) await writeOutputs(result, outputs, (line) => files.write(`${line}\n`), readsSeriesOf(run));
    return exitCode;
  } finally {
    ended.abort();
    await Promise.all(watching);
    const view = lost.signal.aborted ? undefined : await run.view().catch(() => undefined);
    if (view?.endedAt !== undefined) await finish(kubectl, master, job, verdict);
  }
}

/** Neither changes how the run has ended. */
async function finish(kubectl: Kubectl, master: MasterClient, job: string, verdict: string): Promise<void> {
  try {
    await kubectl.run(['label', 'job', job, `${VERDICT}=${verdict}`, '--overwrite']);
    await finished(master);
  } catch (error) {
    console.error(`warning: ${messageOf(error)}`);
  }
}

/** The master records the end of its run just after it. */
async function finished(master: MasterClient): Promise<void> {
  for (let left = FINISH_ATTEMPTS; ; left -= 1) {
    try {
      await master.finish();
      return;
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'run-unfinished' || left === 0) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, FINISH_AGAIN_MS));
  }
}
