import { DrumlineError, Redactor, stackOf, type Plan, type Secrets } from '@drumline/model';
import type { MasterLink, RunResult, WorkerMessage } from '@drumline/wire';
import type { RunControl } from './api/run-control.js';
import type { Say } from './options.js';
import type { TakenRun } from './store/resume.js';
import type { RunStore, StoredRun } from './store/run-store.js';

/**
 * The wall between a master and everyone else. Workers are told the secrets with the order to prepare, the master's own parts never hold them;
 * what comes in has none, as lanes take them out, but is not trusted to; what goes out has none. Without secrets there is no wall.
 */
export class Secrecy {
  private readonly redactor: Redactor | undefined;

  constructor(private readonly secrets: Secrets) {
    this.redactor = Redactor.of(secrets);
  }

  link(link: MasterLink): MasterLink {
    const { redactor, secrets } = this;
    if (!redactor) return link;
    return {
      get address() {
        return link.address;
      },
      get badFrames() {
        return link.badFrames;
      },
      get unreadForMs() {
        return link.unreadForMs;
      },
      listen: (onMessage, doorkeeper) =>
        link.listen((peer, message) => onMessage(peer, redacted(message, redactor)), doorkeeper),
      send: (peer, message) =>
        link.send(peer, message.type === 'prepare' ? { ...message, secrets } : message),
      close: () => link.close(),
    };
  }

  say(say: Say): Say {
    const { redactor } = this;
    return redactor ? (line) => say(redactor.text(line)) : say;
  }

  control(control: RunControl): RunControl {
    const { redactor } = this;
    if (!redactor) return control;
    return {
      status: () => redactor.data(control.status()),
      workers: () => redactor.data(control.workers()),
      stats: () => redactor.data(control.stats()),
      timeline: (fromSecond) => control.timeline(fromSecond),
      result: () => redactor.data(control.result()),
      start: () => control.start(),
      stop: () => control.stop(),
      setUsers: (users, spawnRate) => control.setUsers(users, spawnRate),
      pause: () => control.pause(),
      resume: () => control.resume(),
      reset: () => control.reset(),
      subscribe: (listener) => control.subscribe((event) => listener(redactor.data(event))),
    };
  }

  /** @returns the result of a run, or why there is none */
  result(finished: Promise<RunResult>): Promise<RunResult> {
    const { redactor } = this;
    if (!redactor) return finished;
    const redacted = finished.then(
      (result) => redactor.data(result),
      (error: unknown) => {
        throw withoutSecrets(error, redactor);
      },
    );
    // Whoever closes the master early does not wait for it.
    redacted.catch(() => {});
    return redacted;
  }

  store(store: RunStore): RunStore {
    const { redactor } = this;
    if (!redactor) return store;
    return {
      path: store.path,
      commit: (change) => store.commit(redactor.data(change)),
      close: () => store.close(),
    };
  }

  /** A plan as it stands in a store. */
  plan(plan: Plan): Plan {
    return this.redactor?.data(plan) ?? plan;
  }

  /** A run as it goes to the store, with the names of the secrets that it needs. */
  kept(run: StoredRun): StoredRun {
    return this.redactor ? { ...this.redactor.data(run), secrets: Object.keys(this.secrets) } : run;
  }

  /**
   * A run that comes back from its store: what lanes need holds the secrets again.
   * @throws DrumlineError `usage` if one of them was not given again
   */
  taken(taken: TakenRun): TakenRun {
    const { state, store } = taken;
    const missing = (state.run.secrets ?? []).filter((name) => !Object.hasOwn(this.secrets, name));
    if (missing.length > 0) {
      throw new DrumlineError(
        'usage',
        `The run ${state.run.runId} needs its secrets again, which are not kept: ${missing.join(', ')}.`,
        'Give them as before, with --secret or --secrets-file.',
      );
    }
    const { redactor } = this;
    if (!redactor) return taken;
    const { plan, setupResult } = state.run;
    const run = { ...state.run, ...redactor.reveal({ plan, setupResult }) };
    return { ...taken, state: { ...state, run }, store: this.store(store) };
  }
}

/** What `setup` gave is for the scenario's own code, and is not shown to anyone. */
function redacted(message: WorkerMessage, redactor: Redactor): WorkerMessage {
  if (message.type !== 'phaseDone') return redactor.data(message);
  const { result, ...shown } = message;
  return { ...redactor.data(shown), ...(result === undefined ? {} : { result }) };
}

/** Without its cause and its stack, too, which repeat the message. */
function withoutSecrets(error: unknown, redactor: Redactor): Error {
  if (!(error instanceof DrumlineError)) return new Error(redactor.text(stackOf(error)));
  const hint = error.hint === undefined ? undefined : redactor.text(error.hint);
  return new DrumlineError(error.exit, redactor.text(error.message), hint);
}
