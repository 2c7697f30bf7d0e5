import type { ShapeController } from '@drumline/model';
import type { ScenarioHost } from '@drumline/scenario/project';
import type { ParticipantList } from '../../allocation/participant-list.js';
import type { IntervalStream } from '../../intervals/interval-stream.js';
import type { NoteCollector } from '../note-collector.js';
import type { RunEnds, RunProgress } from '../run-events.js';
import type { StartedRun } from '../started-run.js';
import { SecondFigures } from './second-figures.js';
import { shapedLoad } from './shaped-load.js';

/** How often the shape is asked. */
const EVERY_MS = 1_000;
/** How long it may take to answer. */
const LIMIT_MS = 3_000;

interface Parts {
  readonly run: Pick<RunProgress, 'isRunning'> & Pick<RunEnds, 'stop'>;
  readonly host: Pick<ScenarioHost, 'askShape'>;
  readonly notes: Pick<NoteCollector, 'add'>;
  readonly participants: Pick<ParticipantList, 'users'>;
  readonly stream: Pick<IntervalStream, 'subscribe'>;
}

/** The parts of a run that a shape follows and changes. */
type ShapedRun = Pick<StartedRun, 'plan' | 'clock' | 'dispatch' | 'applyLoad'> & {
  readonly allocation: Pick<StartedRun['allocation'], 'running' | 'inReconnectGrace'>;
};

/** Asks the shape of the scenario once a second, and changes the users to its answer. */
export function followShape(
  started: ShapedRun,
  controller: ShapeController,
  parts: Parts,
): { close(): void } {
  const figures = new SecondFigures();
  const subscription = parts.stream.subscribe('shape', (event) => figures.take(event));
  const shape = new Shape(started, controller, parts, figures);
  const timer = setInterval(() => void shape.tick(), EVERY_MS);
  // The load starts with the run, not a second later.
  void shape.tick();
  return {
    close: () => {
      clearInterval(timer);
      subscription.close();
      shape.isClosed = true;
    },
  };
}

class Shape {
  isClosed = false;
  private isAsking = false;

  constructor(
    private readonly started: ShapedRun,
    private readonly controller: ShapeController,
    private readonly parts: Parts,
    private readonly figures: SecondFigures,
  ) {}

  /** Asks once, unless an answer is still due. */
  async tick(): Promise<void> {
    const { clock, allocation } = this.started;
    // While the workers reconnect after a change of masters, the number of users is unknown.
    if (this.isAsking || clock.paused || allocation.inReconnectGrace) return;
    this.isAsking = true;
    const { host, participants } = this.parts;
    const context = {
      elapsedMs: Math.round(clock.runMs),
      users: participants.users,
      stats: this.figures.latest,
    };
    const reply = await host.askShape(context, LIMIT_MS);
    this.isAsking = false;
    if (this.isClosed || !this.parts.run.isRunning || clock.paused || reply === undefined) return;
    if ('problem' in reply) this.fail(reply.problem);
    else if (reply.answer === null) this.parts.run.stop('planned');
    else this.change(reply.answer);
  }

  private change(answer: Parameters<typeof shapedLoad>[0]): void {
    const { plan, dispatch, clock, allocation } = this.started;
    const lanes = allocation.running.reduce((sum, { laneGroups }) => sum + laneGroups.length, 0);
    const load = shapedLoad(answer, {
      load: dispatch.load,
      userTypes: plan.userTypes,
      runMs: clock.runMs,
      spawnRate: this.controller.spawnRate,
      lanes: lanes || undefined,
    });
    if ('problem' in load) return this.fail(`${load.problem}.`);
    if (load === dispatch.load) return;
    dispatch.changeLoad(load, clock.runMs);
    this.started.applyLoad();
  }

  private fail(why: string): void {
    this.parts.notes.add(
      'shape-failed',
      `shape() gave no valid answer, so the load stayed as it was: ${why}`,
    );
  }
}
