import { openBench, type Bench, type CountingTarget, type Line, type Row } from './bench.js';
import type { Aim, LoadGenerator } from './generator.js';
import { cleanUpAtExit, endAll } from './launch.js';
import { readOptions, usage, type BenchOptions } from './options.js';
import { remarksOn } from './remarks.js';
import { markdownTable, textTable } from './table.js';

const WARM_UP_SECONDS = 3;

/** A bench of a protocol. */
export interface BenchSpec<T extends CountingTarget, A extends Aim> {
  /** As in `npm run bench:http`. */
  readonly command: string;
  readonly groups: readonly string[];
  readonly rows: readonly Row<Bench<T, A>>[];
  readonly peers: () => LoadGenerator<A>[];
  readonly startTarget: (cores: string | undefined) => Promise<T>;
  /** For `--install-peers`. */
  readonly install: { readonly words: string; readonly run: () => void };
}

/** The bench as a command. */
export async function runBench<T extends CountingTarget, A extends Aim>(
  spec: BenchSpec<T, A>,
): Promise<void> {
  cleanUpAtExit();
  try {
    const options = readOptions(process.argv.slice(2), spec.groups);
    if (options === 'help') console.log(describeUsage(spec));
    else await main(spec, options);
    await endAll();
  } catch (error) {
    console.error(`${spec.command}: ${(error as Error).message}`);
    process.exit(1);
  }
}

function describeUsage<T extends CountingTarget, A extends Aim>(spec: BenchSpec<T, A>): string {
  const { command, groups, install } = spec;
  return usage({ command, groups, peers: spec.peers().map(({ name }) => name), installs: install.words });
}

async function main<T extends CountingTarget, A extends Aim>(
  spec: BenchSpec<T, A>,
  options: BenchOptions,
): Promise<void> {
  if (process.platform !== 'linux') throw new Error('it reads CPU times from /proc, which requires Linux');
  const { runs, seconds, markdown } = options;
  if (options.installPeers) spec.install.run();
  const asked = choose(spec.peers(), options.peers);
  const peers = asked.filter(({ version }) => version !== undefined);
  const span = { warmUp: WARM_UP_SECONDS, window: seconds };
  const say = (line: string): void => console.error(line);
  const bench = await openBench({ runs, span, say }, peers, spec.startTarget);
  const rows = spec.rows.filter(({ group }) => options.groups.includes(group));
  if (options.profile) return await profileAll(rows, bench);
  const lines: Line[] = [];
  for (const row of rows)
    lines.push(...(await row.run(bench).catch((error: Error) => failed(row.title, error))));
  const remarks = remarksOn(bench, asked);
  console.log(markdown ? markdownTable(lines) : textTable(lines));
  console.log(`\n${remarks.map((remark) => (markdown ? `- ${remark}` : remark)).join('\n')}`);
}

/** The lines of a failed row. The figures of other rows are kept. */
function failed(title: string, { message }: Error): Line[] {
  console.error(`${title}: ${message}`);
  return [{ what: title, ours: `failed: ${message.split('\n')[0]}`, beside: '', ratio: '', goal: '' }];
}

async function profileAll<B>(rows: readonly Row<B>[], bench: B): Promise<void> {
  for (const row of rows) {
    const breakdown = await row.profile?.(bench);
    if (breakdown !== undefined) console.log(`${row.title}\n${breakdown}\n`);
  }
}

/** @throws Error if a name is not a peer's */
function choose<A extends Aim>(
  known: readonly LoadGenerator<A>[],
  names: readonly string[] | undefined,
): LoadGenerator<A>[] {
  for (const name of names ?? []) {
    const peer = known.find((one) => one.name === name);
    if (peer === undefined)
      throw new Error(`--peers: there is no ${name}; there are ${known.map((one) => one.name).join(', ')}`);
  }
  return known.filter(({ name }) => names?.includes(name) !== false);
}
