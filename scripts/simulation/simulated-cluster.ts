import { usersLoad, type Plan } from '@drumline/model';
import { SimulatedDisk } from './cluster/disk.js';
import { SimulatedMaster } from './cluster/master.js';
import { SimulatedNetwork, type Cut } from './cluster/network.js';
import { PlayedRun } from './cluster/played-run.js';
import { RunSequence } from './cluster/run-sequence.js';
import { PLAN_TABLES } from './cluster/tables.js';
import { Target } from './cluster/target.js';
import { SimulatedWorker } from './cluster/worker.js';
import { describeStep, type RunPlan, type Schedule, type Step } from './schedule.js';
import { Random } from './world/random.js';
import type { World } from './world/world.js';

/** Time after the orphan grace at which workers give up on a lost master. */
const RECONNECT_FOR_MS = 20_000;
/** Time after which workers give up on a master that never answered. */
const CONNECT_TIMEOUT_MS = 60_000;
/** Delay after which a supervisor restarts a worker whose name was in use. */
const RETRY_REFUSED_MS = 1_000;

/** Runs a worker: successive processes under one name. */
interface Site {
  readonly name: string;
  readonly clock: { readonly aheadMs: number; readonly rate: number };
  worker: SimulatedWorker;
  cut: Cut | undefined;
}

/** The master, workers, network and target of a schedule. Executes its steps. */
export class SimulatedCluster {
  readonly target = new Target();
  readonly master: SimulatedMaster;
  /** All worker processes, including ended ones. */
  readonly workers: SimulatedWorker[] = [];
  private readonly sites: Site[] = [];
  private readonly random: Random;
  private readonly network: SimulatedNetwork;

  constructor(
    private readonly world: World,
    readonly schedule: Schedule,
    private readonly log: (who: string, line: string) => void,
  ) {
    this.random = new Random(schedule.seed ^ 0x5eed);
    this.network = new SimulatedNetwork(world, this.random, schedule.network);
    const { stopTimeoutMs, onWorkerLost } = schedule;
    const expectWorkers = schedule.takes === undefined ? schedule.workers : 1;
    const first = { ...schedule, expectWorkers, pauseMs: 0, joins: 0 };
    const joins = new Map<PlayedRun, number>();
    const sequences = [[first, ...schedule.laterRuns], ...(schedule.besides ?? [])].map((runs) => {
      const played = runs.map((run) => {
        const plan = planOf(run, stopTimeoutMs);
        const one = new PlayedRun(plan, run.expectWorkers, run.takes ?? 'all', run.pauseMs);
        joins.set(one, run.joins);
        return one;
      });
      return new RunSequence(played);
    });
    const clock = { aheadMs: this.random.between(0, 1e7), rate: 1 };
    this.master = new SimulatedMaster({
      world,
      random: new Random(schedule.seed ^ 0x0075),
      network: this.network,
      disk: new SimulatedDisk(world, this.random, schedule.maxCommitMs),
      clock,
      settings: { expectWorkersMaxWaitMs: CONNECT_TIMEOUT_MS, onWorkerLost },
      sequences,
      awaits: (next) => {
        for (let count = joins.get(next)!; count > 0; count -= 1) this.openSite();
      },
      log: (line) => log('master', line),
    });
    for (let number = 0; number < schedule.workers; number += 1) this.openSite();
    for (const step of schedule.steps) world.at(step.atMs, () => this.take(step));
    world.at(schedule.calmAtMs, () => this.calmDown());
  }

  /** Whether all runs have been reported, and the master and all workers have ended. */
  get isOver(): boolean {
    return this.master.isOver && this.workers.every((worker) => !worker.alive);
  }

  isCut(worker: SimulatedWorker): boolean {
    return this.sites.some((site) => site.worker === worker && site.cut !== undefined);
  }

  private openSite(): void {
    const { random, schedule } = this;
    const rate = 1 + random.between(-schedule.driftPpm, schedule.driftPpm) / 1e6;
    const site = {
      name: `w${this.sites.length}`,
      clock: { aheadMs: random.between(0, 1e8), rate },
      cut: undefined,
    };
    this.sites.push({ ...site, worker: this.startWorker(site) });
  }

  private startWorker({ name, clock, cut }: Omit<Site, 'worker'>): SimulatedWorker {
    const { world, random, network, target } = this;
    const { lanes, orphanGraceMs } = this.schedule;
    const settings = {
      lanes,
      orphanGraceMs,
      reconnectForMs: orphanGraceMs + RECONNECT_FOR_MS,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
    };
    const log = (line: string): void => this.log(name, line);
    const worker = new SimulatedWorker(name, { world, random, network, target, log }, clock, settings, cut);
    this.workers.push(worker);
    return worker;
  }

  private restart(site: Site): void {
    if (site.worker.alive) return;
    site.worker = this.startWorker(site);
    const retry = (): void => {
      if (site.worker.outcome === 'refused' && !this.master.isOver) return this.restart(site);
      if (site.worker.alive) this.world.at(this.world.nowMs + RETRY_REFUSED_MS, retry);
    };
    retry();
  }

  private take(step: Step): void {
    const { master } = this;
    this.log('fault', describeStep(step));
    switch (step.do) {
      case 'join':
        return this.openSite();
      case 'freezeMaster':
        master.process.freeze();
        return this.later(step.forMs, () => master.process.thaw());
      case 'killMaster':
        master.kill();
        return this.later(step.backAfterMs, () => master.startAgain());
      case 'setUsers':
        return master.order(step.sequence ?? 0, (control) =>
          control.setUsers({ users: step.users, perSecond: step.spawnRate }),
        );
      case 'setRate': {
        const { perSecond, overMs, user } = step;
        return master.order(0, (control) => control.setRate({ perSecond, overMs, user }));
      }
      case 'quantiles':
        for (const { run } of master.current) run?.intervals.quantiles.set(step.everySeconds);
        return;
      case 'pause':
        master.order(step.sequence ?? 0, (control) => control.pause());
        return this.later(step.forMs, () => master.order(step.sequence ?? 0, (control) => control.resume()));
      case 'stop':
        return master.order(step.sequence ?? 0, (control) => control.stop());
      default:
        return this.hit(step);
    }
  }

  private hit(step: Extract<Step, { worker: number }>): void {
    const site = this.sites[step.worker];
    if (!site?.worker.alive) return;
    const { worker } = site;
    const lane = 'lane' in step ? worker.liveLanes[step.lane] : undefined;
    switch (step.do) {
      case 'cut':
        site.cut = step.how;
        this.network.cut(worker.peer, step.how);
        return this.later(step.forMs, () => this.reconnect(site));
      case 'lose':
        return this.network.loseNext(worker.peer, step.message);
      case 'freeze':
        worker.freeze(step.whole);
        return this.later(step.forMs, () => worker.thaw());
      case 'freezeLane':
        lane?.freeze();
        return this.later(step.forMs, () => lane?.thaw());
      case 'kill':
        worker.kill();
        if (step.backAfterMs !== null) this.later(step.backAfterMs, () => this.restart(site));
        return;
      case 'failLoads':
        worker.failsLoads = true;
        return this.later(step.forMs, () => (worker.failsLoads = false));
      case 'killLane':
        lane?.kill('SIGKILL');
        return;
      case 'crashLane':
        return lane?.crash();
      case 'stopByScenario':
        return lane?.stopRun();
      case 'leave':
        return worker.leave();
      case 'quit':
        return worker.quit();
    }
  }

  /** Ends all faults at the beginning of the calm phase. */
  private later(afterMs: number, action: () => void): void {
    this.world.at(Math.min(this.world.nowMs + afterMs, this.schedule.calmAtMs), action);
  }

  private reconnect(site: Site): void {
    site.cut = undefined;
    this.network.heal(site.worker.peer);
  }

  private calmDown(): void {
    this.network.calmDown();
    this.master.process.thaw();
    for (const site of this.sites) {
      site.cut = undefined;
      site.worker.thaw();
    }
  }
}

function planOf({ userTypes, laneGroups, load, parts, hasSetup }: RunPlan, stopTimeoutMs: number): Plan {
  const tags = { include: [], exclude: [] };
  return {
    name: 'simulated',
    userTypes,
    laneGroups,
    load: parts ? { parts } : usersLoad(load, userTypes),
    tags,
    stopTimeoutMs,
    maxSeries: 1_000,
    hasSetup,
    hasTeardown: hasSetup,
    seed: 1,
    masterHooks: [],
    tables: PLAN_TABLES,
  };
}
