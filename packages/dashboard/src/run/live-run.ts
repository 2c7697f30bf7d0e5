import { batch, signal } from '@preact/signals';
import {
  ApiError,
  type AnnotationView,
  type MasterClient,
  type RunClient,
  type RunEventView,
  type RunResult,
  type RunView,
  type StatusView,
  type TimelineView,
} from '@drumline/client';
import { messageOf } from '../parts/message-of.js';
import { liveReads } from './live-reads.js';
import type { Connection, Problem, RunReads, RunSource } from './run-source.js';
import { type Planned, RunTimeline } from './timeline.js';

const RETRY_MS = 2_000;
/** With more points than this, the master merges seconds. */
const MAX_POINTS = 3_000;
/** How often merged seconds are loaded again, for their exact quantiles. */
const RELOAD_MS = 60_000;

/**
 * A run as the page knows it, from the events of the master. It survives cut connections and
 * another master that resumes the run.
 */
export class LiveRun implements RunSource {
  readonly view = signal<RunView | undefined>(undefined);
  readonly status = signal<StatusView | undefined>(undefined);
  readonly result = signal<RunResult | undefined>(undefined);
  readonly connection = signal<Connection>('connecting');
  readonly problem = signal<Problem | undefined>(undefined);
  readonly annotations = signal<readonly AnnotationView[]>([]);
  readonly timeline = new RunTimeline();
  readonly tick = signal(0);
  readonly changes = signal(0);
  /** The points have what was planned. */
  readonly planned = new Map<number, Planned>();
  readonly reads: RunReads = liveReads(() => this.client);
  private readonly ended = new AbortController();
  private loadedMs = performance.now();
  private isLoading = false;
  private named: RunClient;
  /** Of events that are not drawn yet. */
  private newestStatus: StatusView | undefined;

  /** @param id as users name the run: `current` may mean another one later */
  constructor(
    private readonly master: MasterClient,
    id: string,
  ) {
    this.named = master.run(id);
  }

  /** Orders, and what only a master knows. It stays with the run that is shown. */
  get client(): RunClient {
    return this.named;
  }

  /** Follows the run until it has ended or the page shows another. */
  async follow(): Promise<void> {
    while (!this.ended.signal.aborted) {
      try {
        await this.once();
        return;
      } catch (error) {
        if (this.ended.signal.aborted) return;
        this.fail(error);
        if (this.connection.value === 'refused') return;
      }
      await pause(RETRY_MS);
    }
  }

  close(): void {
    this.ended.abort();
  }

  private async once(): Promise<void> {
    const view = await this.client.view();
    this.named = this.master.run(view.runId);
    this.view.value = view;
    const loading = this.load();
    // Its failure is seen at the end of the events.
    loading.catch(() => {});
    const { signal: aborted } = this.ended;
    for await (const event of this.client.events({ signal: aborted })) {
      this.take(event);
      if (this.connection.value !== 'live')
        batch(() => {
          this.connection.value = 'live';
          this.problem.value = undefined;
        });
    }
    await loading;
    await this.finish();
  }

  /** Loads what happened before. */
  private async load(): Promise<void> {
    const [timeline, annotations, status] = await Promise.all([
      this.readTimeline(),
      this.client.annotations(),
      this.client.status(),
    ]);
    batch(() => {
      this.timeline.load(timeline);
      this.annotations.value = annotations;
      this.status.value ??= status;
      this.tick.value += 1;
    });
  }

  /**
   * Loads the timeline again if it has become long or lacks seconds, and now and then if its
   * seconds are merged.
   */
  private reload(hasGap: boolean): void {
    const { stepSeconds, length } = this.timeline;
    const isDue = stepSeconds > 1 && performance.now() - this.loadedMs > RELOAD_MS;
    if (this.isLoading || (length <= MAX_POINTS && !isDue && !hasGap)) return;
    const load = async (): Promise<void> => {
      const timeline = await this.readTimeline();
      batch(() => {
        this.timeline.load(timeline);
        this.tick.value += 1;
      });
    };
    // The next time it works, or the events fail, too.
    load().catch(() => {});
  }

  private async readTimeline(): Promise<TimelineView> {
    this.loadedMs = performance.now();
    this.isLoading = true;
    this.timeline.expectLoad();
    try {
      return await this.client.timeline({ points: MAX_POINTS });
    } finally {
      this.isLoading = false;
    }
  }

  /** Shows what is new with the next frame: many events at once are drawn once. */
  private draw(status: StatusView | undefined): void {
    const isDue = this.newestStatus === undefined;
    this.newestStatus = status ?? this.status.value;
    if (!isDue) return;
    requestAnimationFrame(() =>
      batch(() => {
        this.status.value = this.newestStatus;
        this.newestStatus = undefined;
        this.tick.value += 1;
      }),
    );
  }

  private take(event: RunEventView): void {
    batch(() => {
      switch (event.type) {
        case 'interval': {
          const { number, point, status } = event;
          const hasGap = this.timeline.isGapBefore(number - 1);
          this.timeline.put(number - 1, point);
          this.reload(hasGap);
          this.draw(status);
          return;
        }
        case 'correction':
          this.timeline.put(event.number - 1, event.point);
          this.draw(this.newestStatus);
          return;
        case 'annotation':
          this.annotations.value = [...this.annotations.value, { at: event.at, text: event.text }];
          return;
        case 'state':
          if (this.view.value) this.view.value = { ...this.view.value, state: event.state };
          return;
        case 'worker':
        case 'lane':
        case 'note':
        case 'threshold':
        case 'end':
          this.changes.value += 1;
      }
    });
  }

  private async finish(): Promise<void> {
    const [view, result] = await Promise.all([
      this.client.view(),
      this.client.result().catch((error: unknown) => {
        this.explain(error);
        return undefined;
      }),
    ]);
    batch(() => {
      this.view.value = view;
      this.result.value = result;
      this.connection.value = 'ended';
    });
  }

  private fail(error: unknown): void {
    this.explain(error);
    const status = error instanceof ApiError ? error.status : undefined;
    this.connection.value = status !== undefined && status < 500 ? 'refused' : 'lost';
  }

  private explain(error: unknown): void {
    const message = messageOf(error);
    this.problem.value = { message, hint: error instanceof ApiError ? error.hint : undefined };
  }
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
