import { readdirSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { join } from 'node:path';
import { breakDown, readProfile, type Breakdown, type Period } from '../harness/cpu-profile.js';
import { temporaryFolder } from '../harness/launch.js';
import { AttachedProfiler } from './attached-profiler.js';

const FUNCTIONS = 25;

/**
 * CPU profiles of a master during the measurement. Node writes those of its threads at the end. An
 * inspector takes that of the link process, which is started without Node's options.
 */
export class MasterProfile {
  private readonly folder = temporaryFolder();
  private period: Period = { fromUs: 0, toUs: 0 };
  private link: AttachedProfiler | undefined;
  private linkProfile: Profiler.Profile | undefined;

  get nodeOptions(): string[] {
    return ['--cpu-prof', `--cpu-prof-dir=${this.folder}`];
  }

  async begin(roles: ReadonlyMap<number, string>): Promise<void> {
    const [pid] = [...roles].find(([, role]) => role === 'link process') ?? [];
    this.link = pid === undefined ? undefined : await AttachedProfiler.start(pid);
    this.period = { fromUs: nowUs(), toUs: Infinity };
  }

  async end(): Promise<void> {
    this.period = { ...this.period, toUs: nowUs() };
    this.linkProfile = await this.link?.stop();
  }

  /** Call it after the master's end. */
  describe(): string {
    const threads = readdirSync(this.folder)
      .map((file) => ({ thread: threadOf(file), profile: readProfile(join(this.folder, file)) }))
      .sort((a, b) => a.thread - b.thread)
      .map(({ thread, profile }) => {
        const name = thread === 0 ? 'Main thread' : `Thread ${thread}`;
        return describe(name, breakDown(profile, this.period), this.seconds);
      });
    const link = this.linkProfile && describe('Link process', breakDown(this.linkProfile), this.seconds);
    return [...threads, ...(link === undefined ? [] : [link])].join('\n\n');
  }

  private get seconds(): number {
    return (this.period.toUs - this.period.fromUs) / 1e6;
  }
}

function describe(name: string, { totalUs, byFunction }: Breakdown, seconds: number): string {
  const busy = ((totalUs / 1e6 / seconds) * 100).toFixed(0);
  const lines = byFunction
    .slice(0, FUNCTIONS)
    .map(([place, us]) => `${((us / totalUs) * 100).toFixed(1).padStart(5)} %  ${place}`);
  return [`${name}: busy for ${busy} % of the time; share of its functions in that`, ...lines].join('\n');
}

/** The names are CPU.date.time.pid.thread.number.cpuprofile. */
function threadOf(file: string): number {
  return Number(file.split('.')[4]);
}

function nowUs(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}
