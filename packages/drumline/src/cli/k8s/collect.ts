import { ApiError, type MasterClient, type RunClient } from '@drumline/client';
import { messageOf } from '@drumline/model';
import { followRun } from '../run/follow-run.js';
import type { InterruptHandlers } from '../run/interrupts.js';
import { writeOutputs, type Outputs } from '../run/outputs.js';
import type { Screen } from '../run/screen.js';
import type { Kubectl } from './kubectl.js';
import { VERDICT } from './pods.js';
import type { RunPods } from './watch-pods.js';

const FINISH_AGAIN_MS = 250;
const FINISH_ATTEMPTS = 20;

interface Collected {
  readonly kubectl: Kubectl;
  readonly master: MasterClient;
  readonly runId: string;
  /** Name of the master's Job. */
  readonly job: string;
  readonly outputs: Outputs;
  readonly out: NodeJS.WriteStream;
  readonly quiet: boolean;
  /** Whether Ctrl-C stops the run. Otherwise it ends only this command. */
  readonly stopsOnInterrupt: boolean;
  /** Set if why workers do not start is printed. */
  readonly workers?: { readonly pods: RunPods; readonly count: number };
}

/**
 * Follows a run in Kubernetes to its end, writes its reports, labels its Job with the verdict, and
 * lets its master end.
 * @returns the exit code of the run
 */
export async function collect(collected: Collected): Promise<number> {
  const { kubectl, master, runId, job, outputs, out, quiet, workers } = collected;
  const run = master.run(runId);
  const ended = new AbortController();
  const watching = workers?.pods.workersAre(workers.count, ended.signal);
  let verdict = 'failed';
  try {
    const { exitCode, result } = await followRun(run, {
      json: false,
      out,
      quiet,
      reconnect: true,
      ...(collected.stopsOnInterrupt && { interrupts: (screen: Screen) => stopping(run, screen) }),
    });
    verdict = result?.verdict ?? verdict;
    const files = quiet ? process.stderr : out;
    if (result) await writeOutputs(result, outputs, (line) => files.write(`${line}\n`));
    return exitCode;
  } finally {
    ended.abort();
    await watching;
    const view = await run.view().catch(() => undefined);
    if (view?.endedAt !== undefined) await finish(kubectl, master, job, verdict);
  }
}

function stopping(run: RunClient, screen: Screen): InterruptHandlers {
  const warn = (error: unknown): void => screen.warn(messageOf(error));
  return {
    first: () => {
      screen.print('Stopping: running tasks may finish. Press Ctrl-C again to stop at once.');
      run.stop().catch(warn);
    },
    second: () => {
      screen.print('Stopping at once.');
      run.cancel().catch(warn);
    },
  };
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
