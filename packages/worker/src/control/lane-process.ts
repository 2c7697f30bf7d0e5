import type { ChildProcess } from 'node:child_process';
import {
  LANE_STATES,
  PrintedLines,
  StateMachine,
  type LaneEvent,
  type LaneState,
  type Millis,
  type Redactor,
} from '@drumline/model';
import type { LaneHealth } from '@drumline/wire';
import type { LaneNews, LaneOrder, LaneVitals } from '../lane-protocol.js';
import { monotonicMs } from '@drumline/wire/monotonic';
import { ErrorTail } from './error-tail.js';
import { LoopDelays } from './loop-delays.js';
import { findBlockingStack } from './stall-probe.js';
import { StallDiagnosis, type StallCause } from './stall-cause.js';

/** Events of a lane. */
export interface LaneEvents {
  news(lane: LaneProcess, news: LaneNews): void;
  crashed(lane: LaneProcess, reason: string, stack: string | undefined, countsComplete: boolean): void;
  /**
   * The lane has not responded for a while. Called once for each stall and cause: a starved lane
   * may turn out to be blocked.
   */
  stalled(lane: LaneProcess, stalledMs: Millis, cause: StallCause, stack: string | undefined): void;
  /** The lane responds again. */
  recovered(lane: LaneProcess, stalledMs: Millis, cause: StallCause, stack: string | undefined): void;
  /** The lane printed a line. */
  printed(lane: LaneProcess, line: string): void;
}

/** A lane that is silent for this long is examined. */
const PROBE_AFTER_MS = 1_000;
/** The users of a lane that is silent for this long are moved, unless the lane is starved. */
const STALLED_AFTER_MS = 3_000;
const CHECK_EVERY_MS = 100;
/**
 * A check that is later than this shows that the control process itself stalled. It proves nothing
 * about the lane.
 */
const LATE_CHECK_MS = 250;

/** A period in which a lane does not respond. */
interface Stall {
  readonly diagnosis: StallDiagnosis;
  readonly stack: Promise<string | undefined>;
  /** The cause that was reported. */
  reported: StallCause | undefined;
}

/** A lane hands over its counts at least this often, unless its event loop is blocked. */
const HAND_OVER_WITHIN_MS = 500;

/**
 * A lane as the control process sees it: a child process with its state, vitals and responsiveness.
 */
export class LaneProcess {
  readonly machine = new StateMachine<LaneState, LaneEvent>(LANE_STATES, 'booting');
  vitals: LaneVitals = { users: 0, cpu: 0, busy: 0, memoryBytes: 0, loopDelayMs: 0, longDelaysMs: [] };
  private readonly delays = new LoopDelays();
  private readonly errors = new ErrorTail();
  private readonly stdout = new PrintedLines((line) => this.events.printed(this, line));
  private readonly stderr = new PrintedLines((line) => this.events.printed(this, line));
  private readonly watch: NodeJS.Timeout;
  private lastMessageMs = monotonicMs();
  private lastCheckMs = monotonicMs();
  /**
   * The part of the current silence in which the control process itself could not receive anything.
   */
  private forgivenMs = 0;
  /** When the control process last found that it had stalled. */
  private lagAtMs = -Infinity;
  private stall: Stall | undefined;
  private heardMs = monotonicMs();
  private handedOverMs = monotonicMs();
  private dying: { reason: string; stack: string | undefined } | undefined;
  private ending = false;
  /** Resolves when the process has ended. If it crashed, `crashed` has been called before. */
  readonly exited: Promise<void>;

  constructor(
    readonly number: number,
    private readonly child: ChildProcess,
    private readonly events: LaneEvents,
  ) {
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => this.stdout.add(text));
    this.child
      .stderr!.setEncoding('utf8')
      .on('data', (text: string) => this.stderr.add(this.errors.take(text)));
    this.child.on('message', (news: LaneNews) => this.receive(news));
    this.child.on('error', () => {});
    this.exited = new Promise((resolve) => {
      this.child.on('close', (code, signal) => {
        clearInterval(this.watch);
        this.stdout.end();
        this.stderr.end();
        resolve(this.ending ? undefined : this.crash(code, signal));
      });
    });
    this.watch = setInterval(() => this.check(), CHECK_EVERY_MS);
  }

  /** The process id; undefined once it has ended. */
  get pid(): number | undefined {
    const { exitCode, signalCode, pid } = this.child;
    return exitCode === null && signalCode === null ? pid : undefined;
  }

  /** Whether it has loaded the scenario and is not ending. */
  get isLoaded(): boolean {
    const { state } = this.machine;
    return state !== 'booting' && state !== 'crashed' && !this.dying;
  }

  /** Redacts secrets in the output of the lane. */
  redact(redactor: Redactor | undefined): void {
    this.stdout.redactor = redactor;
    this.stderr.redactor = redactor;
  }

  /** The health of the lane since the last call. */
  takeHealth(): LaneHealth {
    const { users, cpu, busy, memoryBytes } = this.vitals;
    const { number, stalledMs } = this;
    const state = this.isStarved ? 'starved' : stalledMs > 0 ? 'stalled' : this.machine.state;
    const delays = this.delays.take(stalledMs);
    return { lane: number, state, users, cpu, busy, memoryBytes, ...delays, stalledMs };
  }

  /** How long the lane has not responded, milliseconds; 0 if it responds. */
  get stalledMs(): Millis {
    return this.stall ? monotonicMs() - this.lastMessageMs : 0;
  }

  /** Whether the lane does not respond because it gets too little CPU. */
  private get isStarved(): boolean {
    return this.stall?.reported === 'starved';
  }

  send(order: LaneOrder): void {
    if (this.child.connected) this.child.send(order, () => {});
  }

  /** Asks the process to exit, and kills it after `graceMs`. */
  async end(graceMs: Millis = 1_000): Promise<void> {
    this.ending = true;
    this.send({ type: 'exit' });
    const force = setTimeout(() => this.child.kill('SIGKILL'), graceMs);
    await this.exited;
    clearTimeout(force);
  }

  /** Time for which its counts would be lost if it crashed now, milliseconds. */
  get uncountedMs(): Millis {
    const now = monotonicMs();
    const receivedMs = Math.min(now - this.handedOverMs, now - this.heardMs + HAND_OVER_WITHIN_MS);
    // What was received after a stall of this process had been sent long before.
    return now - this.lagAtMs < HAND_OVER_WITHIN_MS ? receivedMs + HAND_OVER_WITHIN_MS : receivedMs;
  }

  private receive(news: LaneNews): void {
    this.answered();
    this.heardMs = monotonicMs();
    if (news.type === 'deltas') this.handedOverMs = this.heardMs;
    if (news.type === 'dying') this.dying = { reason: news.reason, stack: news.stack };
    if (news.type === 'vitals') {
      this.vitals = news;
      this.delays.add(news);
    }
    if (news.type === 'partDone' || news.type === 'dying')
      this.vitals = { ...this.vitals, positions: news.positions };
    this.events.news(this, news);
  }

  private answered(): void {
    const now = monotonicMs();
    const { stall } = this;
    if (stall) {
      const stalledMs = now - this.lastMessageMs;
      this.stall = undefined;
      void stall.stack.then((stack) => {
        const cause = stall.reported ?? stall.diagnosis.cause(stack, stalledMs);
        this.events.recovered(this, stalledMs, cause, stack);
      });
    }
    this.lastMessageMs = now;
    this.forgivenMs = 0;
  }

  private check(): void {
    const now = monotonicMs();
    const lateMs = now - this.lastCheckMs - CHECK_EVERY_MS;
    this.lastCheckMs = now;
    if (this.machine.state === 'booting' || this.ending) {
      this.lastMessageMs = now;
      return;
    }
    // Messages that the lane sent meanwhile are read after this.
    if (lateMs > LATE_CHECK_MS) {
      this.forgivenMs += lateMs;
      this.lagAtMs = now;
    }
    const silentMs = now - this.lastMessageMs - this.forgivenMs;
    if (silentMs > PROBE_AFTER_MS) {
      this.stall ??= {
        diagnosis: new StallDiagnosis(this.child.pid),
        stack: findBlockingStack(this.child, this.errors),
        reported: undefined,
      };
    }
    if (silentMs > STALLED_AFTER_MS && this.stall && this.stall.reported !== 'blocked')
      this.judge(this.stall);
  }

  private judge(stall: Stall): void {
    void stall.stack.then((stack) => {
      // The lane responds again, or a later check has judged it.
      if (this.stall !== stall || stall.reported === 'blocked') return;
      const cause = stall.diagnosis.cause(stack, this.stalledMs);
      if (cause === stall.reported) return;
      stall.reported = cause;
      this.events.stalled(this, this.stalledMs, cause, stack);
    });
  }

  private async crash(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    this.machine.send('crash');
    if (this.dying) return this.events.crashed(this, this.dying.reason, this.dying.stack, true);
    const reason = this.errors.explain(code, signal);
    this.events.crashed(this, reason, await this.stall?.stack, false);
  }
}
