import { DrumlineError, Redactor, stackOf, type Plan, type Secrets } from '@drumline/model';
import type { Prepare, RunResult, WorkerMessage, TimelineView } from '@drumline/wire';
import type { Log } from '../cluster/log.js';
import type { LiveRun } from './control-plane.js';
import type { RunOptions } from '../options.js';
import type { OpenOutputs, RunOutputs } from '../run/run-outputs.js';
import type { StoredLine } from './run-log.js';
import type { ResumableRun } from '../store/resume.js';
import type { RunStore, StoredRun } from '../store/run-store.js';

/**
 * Keeps secrets out of the master and its output. Workers receive the secrets with the order to
 * prepare; the rest of the master never holds them. Everything incoming is redacted even though
 * lanes redact it too, and everything outgoing is redacted. Does nothing if there are no secrets.
 * Secrets may be added once the scenario has declared its parameters.
 */
export class SecretRedactor {
  private redactor: Redactor | undefined;

  constructor(private secrets: Secrets) {
    this.redactor = Redactor.of(secrets);
  }

  /** Redacts these values from now on, too. */
  learn(secrets: Secrets): void {
    if (Object.keys(secrets).length === 0) return;
    this.secrets = { ...this.secrets, ...secrets };
    this.redactor = Redactor.of(this.secrets);
  }

  get values(): Secrets {
    return this.secrets;
  }

  /** Restores the secrets in the plan of a stored run. */
  revealed(plan: Plan): Plan {
    return this.redactor?.reveal(plan) ?? plan;
  }

  /** The order to prepare, with the secrets. */
  withSecrets(message: Prepare): Prepare {
    return this.redactor ? { ...message, secrets: this.secrets } : message;
  }

  message(message: WorkerMessage): WorkerMessage {
    return this.redactor ? redacted(message, this.redactor) : message;
  }

  log(log: Log): Log {
    return (line) => log(this.redactor?.text(line) ?? line);
  }

  control(control: LiveRun): LiveRun {
    return {
      get id() {
        return control.id;
      },
      view: () => this.data(control.view()),
      status: () => this.data(control.status()),
      workers: () => this.data(control.workers()),
      workerHistories: async (query) => this.data(await control.workerHistories(query)),
      stats: () => this.data(control.stats()),
      totals: () => control.totals(),
      metrics: () => this.data(control.metrics()),
      seconds: (fromSecond) => this.timeline(control.seconds(fromSecond)),
      series: async (query) => this.data(await control.series(query)),
      seriesTimeline: async (query) => this.data(await control.seriesTimeline(query)),
      timeline: async (query) => this.timeline(await control.timeline(query)),
      errors: async () => this.data(await control.errors()),
      logs: async (query) => this.data(await control.logs(query)),
      annotations: async () => this.data(await control.annotations()),
      result: () => this.data(control.result()),
      start: () => control.start(),
      stop: () => control.stop(),
      cancel: () => control.cancel(),
      setUsers: (change) => control.setUsers(change),
      setRate: (change) => control.setRate(change),
      pause: () => control.pause(),
      resume: () => control.resume(),
      reset: () => control.reset(),
      annotate: async (order) => this.data(await control.annotate(order)),
      lastEventId: () => control.lastEventId(),
      missedAfter: (place) => this.data(control.missedAfter(place)),
      subscribe: (listener) => control.subscribe((event) => listener(this.data(event))),
      subscribeLogs: (listener) => control.subscribeLogs((line) => listener(this.data(line))),
    };
  }

  /** Points contain no text. */
  private timeline(view: TimelineView): TimelineView {
    return { ...view, annotations: this.data(view.annotations) };
  }

  /** @returns the redacted result of a run, or the redacted reason why there is none */
  result(finished: Promise<RunResult>): Promise<RunResult> {
    const redacted = finished.then(
      (result) => this.data(result),
      (error: unknown) => {
        throw this.redactor ? withoutSecrets(error, this.redactor) : error;
      },
    );
    // A caller that closes the master early does not await this promise.
    redacted.catch(() => {});
    return redacted;
  }

  /** The outputs of a run. Those of its plan get the secrets that they name. */
  outputsOf({ outputs, openOutputs }: Pick<RunOptions, 'outputs' | 'openOutputs'>) {
    const open: OpenOutputs | undefined =
      openOutputs &&
      (async (run) => {
        const opened = await openOutputs(this.redactor?.reveal(run) ?? run);
        return opened && this.outputs(opened);
      });
    return { outputs: outputs && this.outputs(outputs), openOutputs: open };
  }

  /** The intervals are of messages that were redacted. */
  private outputs(outputs: RunOutputs): RunOutputs {
    return {
      begin: (run, log) => outputs.begin(this.data(run), log),
      interval: (event, position) => outputs.interval(event, position),
      event: (event) => outputs.event(this.data(event)),
      get views() {
        return outputs.views;
      },
      get sent() {
        return outputs.sent;
      },
      end: async (end, limitMs) => await outputs.end(this.data(end), limitMs),
    };
  }

  store(store: RunStore): RunStore {
    return {
      path: store.path,
      commit: (change) => store.commit(this.data(change)),
      close: () => store.close(),
    };
  }

  /** A line of the log as its file holds it. */
  line(line: StoredLine): StoredLine {
    return this.data(line);
  }

  /** A plan as the store holds it. */
  plan(plan: Plan): Plan {
    return this.data(plan);
  }

  /** A run as the store holds it, with the names of the secrets that it needs. */
  storedRun(run: StoredRun): StoredRun {
    return this.redactor ? { ...this.redactor.data(run), secrets: Object.keys(this.secrets) } : run;
  }

  /**
   * Restores the secrets in a run that was read from its store.
   * @throws DrumlineError `usage` if a secret was not passed again
   */
  resumed<T extends ResumableRun>(taken: T): T {
    const { state, store } = taken;
    const missing = (state.run.secrets ?? []).filter((name) => !Object.hasOwn(this.secrets, name));
    if (missing.length > 0) {
      throw new DrumlineError(
        'usage',
        `Run ${state.run.runId} needs its secrets again, because they are not stored: ${missing.join(', ')}.`,
        'Pass them again with --secret or --secrets-file.',
      );
    }
    if (!this.redactor) return taken;
    const { plan, setupResult } = state.run;
    const run = { ...state.run, ...this.redactor.reveal({ plan, setupResult }) };
    return { ...taken, state: { ...state, run }, store: this.store(store) };
  }

  private data<T>(value: T): T {
    return this.redactor?.data(value) ?? value;
  }
}

/**
 * Redacts a message, except for the result of `setup`: it goes back to the scenario and is never
 * shown.
 */
function redacted(message: WorkerMessage, redactor: Redactor): WorkerMessage {
  if (message.type !== 'phaseDone') return redactor.data(message);
  const { result, ...shown } = message;
  return { ...redactor.data(shown), ...(result === undefined ? {} : { result }) };
}

/** Drops the cause and the stack, because they repeat the message. */
function withoutSecrets(error: unknown, redactor: Redactor): Error {
  if (!(error instanceof DrumlineError)) return new Error(redactor.text(stackOf(error)));
  const hint = error.hint === undefined ? undefined : redactor.text(error.hint);
  return new DrumlineError(error.exit, redactor.text(error.message), hint);
}
