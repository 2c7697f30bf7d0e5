import { median, quantile } from '../../support.js';
import type { Bench, Line, Row } from '../bench.js';
import { drumline } from '../generators/drumline.js';
import type { Aim, LoadGenerator } from '../generator.js';
import { measureInTurn, type Comparison } from '../in-turn.js';
import { measure, type Cost } from '../measure.js';
import type { Door } from '../nginx.js';
import { profile } from '../profile.js';

/** What Drumline's cost is held against. */
export interface Goal {
  readonly peer: string;
  /** The ratio of the costs; or their difference, microseconds. */
  readonly as: 'ratio' | 'differenceUs';
  readonly atMost: number;
}

export interface CostRow extends Pick<Row, 'group' | 'title'> {
  readonly door: Door;
  readonly aim: Omit<Aim, 'url'>;
  readonly goals: readonly Goal[];
}

/** A generator that makes less than this part of the wanted rate does not keep it. */
const KEPT = 0.97;

/** A row that compares CPU for each request; Drumline and its peers work in turn, so that each pair of figures comes from the same seconds. */
export function costRow(spec: CostRow): Row {
  const { group, title, aim, door } = spec;
  return {
    group,
    title,
    run: (bench) => compare(spec, bench),
    ...(aim.scenario !== undefined && {
      profile: (bench) => profile(bench, { ...aim, url: bench.target.urlOf(door) }),
    }),
  };
}

async function compare({ title, door, aim: asked, goals }: CostRow, bench: Bench): Promise<Line[]> {
  const aim = { ...asked, url: bench.target.urlOf(door) };
  const ours = drumline(bench.cores.target);
  if (!ours.can(aim)) return [{ what: title, ours: 'not possible yet', beside: '', ratio: '', goal: '' }];
  const peers = goals.flatMap(({ peer }) => bench.peers.get(peer) ?? []).filter((peer) => peer.can(aim));
  for (const peer of peers) bench.used.add(peer);
  const costs = new Map<string, Cost[]>();
  let sound = true;
  for (let run = 1; run <= bench.runs; run += 1) {
    const compared = await runAll([...peers, ours], aim, bench);
    bench.books.push(...compared.books);
    sound &&= compared.books.every(({ failures }) => failures === 0);
    for (const [name, own] of compared.costs) {
      costs.set(name, [...(costs.get(name) ?? []), ...own]);
      bench.others.push(...own.map(({ others }) => others));
      bench.say(`${title}, run ${run} of ${bench.runs}: ${name} ${describe(own)}`);
    }
  }
  const mine = costs.get(ours.name)!;
  const measured = goals.filter(({ peer }) => costs.has(peer));
  if (measured.length === 0) return [{ what: title, ours: show(mine), beside: '', ratio: '', goal: '' }];
  return measured.map((goal, index) => ({
    what: index === 0 ? title : '',
    ours: index === 0 ? show(mine) + shortfall(mine, aim) : '',
    ...judge(goal, mine, costs.get(goal.peer)!, aim, sound),
  }));
}

/** In turn, if whoever is held falls behind nothing; else one after the other. */
async function runAll(
  generators: readonly LoadGenerator[],
  aim: Aim,
  { target, span, cores }: Bench,
): Promise<Comparison> {
  const where = { target, span, cores: cores.generator };
  if (aim.requestsPerSecond === undefined) return measureInTurn(generators, aim, where);
  const costs = new Map<string, readonly Cost[]>();
  for (const generator of generators) costs.set(generator.name, [await measure(generator, aim, where)]);
  return { costs, books: [...costs.values()].flatMap(([cost]) => cost!.books ?? []) };
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
  const write = (value: number): string => (as === 'ratio' ? value.toFixed(2) : `+${value.toFixed(1)} µs`);
  const spread = pairs.length > 1 ? ` (${write(quantile(pairs, 0.25))}–${write(quantile(pairs, 0.75))})` : '';
  const ratio = write(median(pairs)) + spread;
  // Whoever does not keep the rate is no measure of what keeping it costs.
  if (shortfall(theirs, aim) !== '') return { beside, ratio, goal: '' };
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
