import { DrumlineError, exitNameOf, formatDuration, messageOf, type Millis } from '@drumline/model';
import type { EndedRegisteredRun, OnlyRun, ServiceHandle } from '@drumline/master';
import { onInterrupt } from './interrupts.js';
import { readsSeriesOf, writeOutputs, type Outputs } from './outputs.js';
import { viewOptions } from './screen.js';
import type { TerminationLog } from './termination-log.js';

export interface OnceTerms {
  readonly submitWithinMs: Millis;
  /** How long results can be fetched after the end of the run. */
  readonly lingerMs: Millis;
  readonly outputs: Outputs;
  readonly termination: TerminationLog;
}

/**
 * Lets a service execute one run, keeps its results for a while, and ends the service.
 * @returns the exit code of the run
 * @throws DrumlineError `never-submitted`, `handed-over`, `interrupted`; or why there is no result
 */
export async function serveOnce(service: ServiceHandle, only: OnlyRun, terms: OnceTerms): Promise<number> {
  let signaled!: (signal: NodeJS.Signals) => void;
  const signal = new Promise<NodeJS.Signals>((resolve) => (signaled = resolve));
  const done = onInterrupt({
    first: signaled,
    second: () => {
      print('Stopping at once.');
      service.abort();
    },
  });
  try {
    await submission(service, only, signal, terms.submitWithinMs);
    const ended = await Promise.race([only.ended, signal]);
    if (ended === 'SIGTERM') throw await leave(service);
    if (typeof ended === 'string') return await interrupted(service, only, terms);
    const exit = await reported(service, ended, terms);
    await lingering(service, only, signal, Date.parse(ended.end.endedAt) + terms.lingerMs);
    return exit();
  } finally {
    done();
  }
}

/** Waits until a run is submitted. */
async function submission(
  service: ServiceHandle,
  only: OnlyRun,
  signal: Promise<NodeJS.Signals>,
  withinMs: Millis,
): Promise<void> {
  if (!only.isSubmitted) print(`Waiting for a run to be submitted, for at most ${formatDuration(withinMs)}.`);
  const submitted = only.submitted.then(() => 'submitted' as const);
  const finished = only.fetched.then(() => 'finished' as const);
  const how = await within(withinMs, [submitted, finished, signal]);
  if (how === 'submitted') return;
  if (how === 'SIGTERM') throw await leave(service);
  await service.stop();
  if (how === 'finished')
    throw new DrumlineError('never-submitted', 'The master was finished before a run was submitted to it.');
  if (how !== undefined)
    throw new DrumlineError('interrupted', 'The master was stopped before a run was submitted to it.');
  throw new DrumlineError(
    'never-submitted',
    `No run was submitted within ${formatDuration(withinMs)}.`,
    'Submit one with `drumline submit` or `drumline k8s run`, or raise --submit-within.',
  );
}

/** Ends the run gracefully, and the service with it. */
async function interrupted(service: ServiceHandle, only: OnlyRun, terms: OnceTerms): Promise<number> {
  print('Stopping: running tasks may finish. Press Ctrl-C again to stop at once.');
  await service.stop();
  const run = await only.ended;
  await only.conclude();
  return (await reported(service, run, terms))();
}

/**
 * Prints and writes the result of a run.
 * @returns gives the exit code of the command, or throws its error
 */
async function reported(
  { control }: ServiceHandle,
  { runId, end }: EndedRegisteredRun,
  { outputs, termination }: OnceTerms,
): Promise<() => number> {
  try {
    const run = control.run(runId);
    const result = await run.result();
    const { renderSummary } = await import('../../view/summary.js');
    print(`\n${renderSummary(result, viewOptions(process.stdout))}`);
    await termination.ended(result);
    await writeOutputs(result, outputs, print, readsSeriesOf(run));
    return () => result.exitCode;
  } catch (error) {
    const failure =
      error instanceof DrumlineError && error.exit === 'output-unwritable'
        ? error
        : new DrumlineError(exitNameOf(end.exitCode), end.problem ?? messageOf(error));
    await termination.failed(failure);
    return () => {
      throw failure;
    };
  }
}

/** Waits until the results were fetched. */
async function lingering(
  service: ServiceHandle,
  only: OnlyRun,
  signal: Promise<NodeJS.Signals>,
  untilMs: Millis,
): Promise<void> {
  await service.dismissWorkers();
  const leftMs = untilMs - Date.now();
  if (leftMs > 0) {
    print(`The results can be fetched for ${formatDuration(leftMs)}.`);
    const how = await within<NodeJS.Signals | void>(leftMs, [only.fetched, signal]);
    if (how === 'SIGTERM') throw await leave(service);
  }
  await only.conclude();
  await service.stop();
}

/** Leaves the run to the next service. @returns the error of the command */
async function leave(service: ServiceHandle): Promise<DrumlineError> {
  await service.leave();
  return new DrumlineError(
    'handed-over',
    'This master received SIGTERM. The next one in the same directory continues.',
    'Run the same command with the same --data-dir.',
  );
}

/** The first of several events; undefined if none happens in time. */
async function within<T>(ms: Millis, events: readonly Promise<T>[]): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([...events, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function print(line: string): void {
  console.log(line);
}
