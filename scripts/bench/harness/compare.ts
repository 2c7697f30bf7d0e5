import { median, quantile } from '../support.js';
import type { Bench, CountingTarget, Line } from './bench.js';
import { drumline } from './generators/drumline.js';
import type { Aim, LoadGenerator } from './generator.js';
import { measureInTurn, type Comparison } from './in-turn.js';
import { measure, type Cost } from './measure.js';

/** The goal for Drumline's cost. */
export interface Goal {
  readonly peer: string;
  /** The ratio of the costs, or their difference in microseconds. */
  readonly as: 'ratio' | 'differenceUs';
  /** Undefined if the figure is only for orientation. */
  readonly atMost?: number;
}

/** The comparison to make. */
export interface Comparing<A extends Aim> {
  readonly title: string;
  readonly aim: A;
  readonly goals: readonly Goal[];
  /**
   * Number of pieces in a request, such as messages of a stream, to show the cost of one. Default
   * 1.
   */
  readonly pieces?: number;
  /** Goal for each piece if no peer can be compared, in microseconds. */
  readonly atMostUs?: number;
}

/** The least share of the wanted rate at which a generator counts as keeping it. */
const KEPT = 0.97;

/**
 * Compares CPU for each request. Drumline and its peers take turns, so that each pair of figures
 * comes from the same seconds.
 */
export async function compare<T extends CountingTarget, A extends Aim>(
  comparing: Comparing<A>,
  bench: Bench<T, A>,
): Promise<Line[]> {
  const { title, aim, goals } = comparing;
  const ours = drumline(bench.cores.target);
  if (!ours.can(aim)) return [{ what: title, ours: 'not possible yet', beside: '', ratio: '', goal: '' }];
  const peers = goals.flatMap(({ peer }) => bench.peers.get(peer) ?? []).filter((peer) => peer.can(aim));
  for (const peer of peers) bench.used.add(peer);
  const costs = new Map<string, Cost[]>();
  let sound = true;
  const failed = new Map<string, string>();
  for (let run = 1; run <= bench.runs; run += 1) {
    const able = peers.filter(({ name }) => !failed.has(name));
    const compared = await runAll([...able, ours], comparing, bench);
    for (const [name, why] of compared.failed) {
      bench.say(`${title}, run ${run} of ${bench.runs}: ${name} failed: ${why}`);
      failed.set(name, why);
      costs.delete(name);
    }
    bench.counts.push(...compared.counts);
    sound &&= compared.counts.every(({ failures }) => failures === 0);
    for (const [name, own] of compared.costs) {
      costs.set(name, [...(costs.get(name) ?? []), ...own]);
      bench.others.push(...own.map(({ others }) => others));
      bench.say(`${title}, run ${run} of ${bench.runs}: ${name} ${describe(own)}`);
    }
  }
  const mine = costs.get(ours.name)!;
  const measured = goals.filter(({ peer }) => costs.has(peer));
  const without = [...failed].map(([name, why]) => withoutFigures(name, why));
  if (measured.length === 0)
    return [{ what: title, ours: show(mine), ...judgeAlone(comparing, mine, sound) }, ...without];
  const lines = measured.map((goal, index) => ({
    what: index === 0 ? title : '',
    ours: index === 0 ? show(mine) + shortfall(mine, aim) : '',
    ...judge(goal, mine, costs.get(goal.peer)!, aim, sound),
  }));
  return [...lines, ...without];
}

/** The line of a peer that failed. The figures of the others stay. */
function withoutFigures(name: string, why: string): Line {
  return { what: '', ours: '', beside: `${name} failed: ${why.split('\n')[0]}`, ratio: '', goal: '' };
}

function judgeAlone<A extends Aim>(
  { atMostUs }: Comparing<A>,
  mine: readonly Cost[],
  sound: boolean,
): Pick<Line, 'beside' | 'ratio' | 'goal' | 'met'> {
  const nobody = { beside: '', ratio: '' };
  if (atMostUs === undefined) return { ...nobody, goal: '' };
  return {
    ...nobody,
    goal: `≤ ${atMostUs} µs`,
    met: sound && median(mine.map(({ cpuUs }) => cpuUs)) <= atMostUs,
  };
}

/** Runs the generators in turns, or one after the other if they must keep a rate. */
async function runAll<A extends Aim>(
  generators: readonly LoadGenerator<A>[],
  { aim, pieces = 1 }: Comparing<A>,
  { target, span, cores }: Pick<Bench, 'target' | 'span' | 'cores'>,
): Promise<Comparison> {
  const where = { target, span, cores: cores.generator };
  if (aim.requestsPerSecond === undefined) {
    const { costs, counts, failed } = await measureInTurn(generators, aim, where);
    const each = [...costs].map(
      ([name, own]) => [name, own.map((cost) => costOfPiece(cost, pieces))] as const,
    );
    return { costs: new Map(each), counts, failed };
  }
  const costs = new Map<string, readonly Cost[]>();
  const failed = new Map<string, string>();
  for (const generator of generators) {
    try {
      costs.set(generator.name, [await measure(generator, aim, where)]);
    } catch (error) {
      if (generator === generators.at(-1)) throw error;
      failed.set(generator.name, (error as Error).message);
    }
  }
  return { costs, counts: [...costs.values()].flatMap(([cost]) => cost!.counts ?? []), failed };
}

function costOfPiece(cost: Cost, pieces: number): Cost {
  return { ...cost, cpuUs: cost.cpuUs / pieces };
}

function describe(costs: readonly Cost[]): string {
  const middle = (pick: (cost: Cost) => number): number => median(costs.map(pick));
  const rate = Math.round(middle((cost) => cost.requestsPerSecond));
  const cores = Math.round(middle((cost) => cost.cores) * 100);
  const others = Math.round(Math.max(...costs.map((cost) => cost.others)) * 100);
  return `${show(costs)}, ${rate}/s at ${cores} % of a core, others up to ${others} % of the machine`;
}

function judge(
  { peer, as, atMost }: Goal,
  mine: readonly Cost[],
  theirs: readonly Cost[],
  aim: Aim,
  sound: boolean,
): Pick<Line, 'beside' | 'ratio' | 'goal' | 'met'> {
  const beside = `${peer} ${show(theirs)}${shortfall(theirs, aim)}`;
  const pairs = mine.map(({ cpuUs }, run) =>
    as === 'ratio' ? cpuUs / theirs[run]!.cpuUs : cpuUs - theirs[run]!.cpuUs,
  );
  const write = (value: number): string => (as === 'ratio' ? value.toFixed(2) : signed(value));
  const spread = pairs.length > 1 ? ` (${write(quantile(pairs, 0.25))}–${write(quantile(pairs, 0.75))})` : '';
  const ratio = write(median(pairs)) + spread;
  // A peer below the rate cannot show what keeping the rate costs.
  if (atMost === undefined || shortfall(theirs, aim) !== '') return { beside, ratio, goal: '' };
  const goal = as === 'ratio' ? `≤ ${atMost}` : `≤ ${atMost} µs more`;
  return { beside, ratio, goal, met: sound && shortfall(mine, aim) === '' && median(pairs) <= atMost };
}

function show(costs: readonly Cost[]): string {
  return `${median(costs.map(({ cpuUs }) => cpuUs)).toFixed(1)} µs`;
}

function shortfall(costs: readonly Cost[], { requestsPerSecond: wanted }: Aim): string {
  const made = median(costs.map(({ requestsPerSecond }) => requestsPerSecond));
  return wanted === undefined || made >= KEPT * wanted ? '' : ` (keeps only ${Math.round(made)}/s)`;
}

function signed(us: number): string {
  return `${us < 0 ? '' : '+'}${us.toFixed(1)} µs`;
}
