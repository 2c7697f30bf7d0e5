import { median } from '../../support.js';
import type { Bench, Line, Row } from '../bench.js';
import { drumline } from '../generators/drumline.js';
import type { Aim } from '../generator.js';
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

/** A row that compares CPU for each request; every run of Drumline is paired with one of each peer in the same minute. */
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
  for (let run = 1; run <= bench.runs; run += 1) {
    for (const generator of [ours, ...peers]) {
      const { target, span, cores } = bench;
      const cost = await measure(generator, aim, { target, span, cores: cores.generator });
      costs.set(generator.name, [...(costs.get(generator.name) ?? []), cost]);
      if (cost.books) bench.books.push(cost.books);
      bench.others.push(cost.others);
      const load = `${Math.round(cost.requestsPerSecond)}/s at ${Math.round(cost.cores * 100)} % of a core, others ${Math.round(cost.others * 100)} % of the machine`;
      bench.say(
        `${title}, run ${run} of ${bench.runs}: ${generator.name} ${cost.cpuUs.toFixed(1)} µs, ${load}`,
      );
    }
  }
  const mine = costs.get(ours.name)!;
  const measured = goals.filter(({ peer }) => costs.has(peer));
  if (measured.length === 0) return [{ what: title, ours: show(mine), beside: '', ratio: '', goal: '' }];
  return measured.map((goal, index) => ({
    what: index === 0 ? title : '',
    ours: index === 0 ? show(mine) + shortfall(mine, aim) : '',
    ...judge(goal, mine, costs.get(goal.peer)!, aim),
  }));
}

function judge(
  { peer, as, atMost }: Goal,
  mine: readonly Cost[],
  theirs: readonly Cost[],
  aim: Aim,
): Pick<Line, 'beside' | 'ratio' | 'goal' | 'met'> {
  const beside = `${peer} ${show(theirs)}${shortfall(theirs, aim)}`;
  const pairs = mine.map(({ cpuUs }, run) =>
    as === 'ratio' ? cpuUs / theirs[run]!.cpuUs : cpuUs - theirs[run]!.cpuUs,
  );
  const write = (value: number): string => (as === 'ratio' ? value.toFixed(2) : `+${value.toFixed(1)} µs`);
  const spread = pairs.length > 1 ? ` (${write(Math.min(...pairs))}–${write(Math.max(...pairs))})` : '';
  const ratio = write(median(pairs)) + spread;
  // Whoever does not keep the rate is no measure of what keeping it costs.
  if (shortfall(theirs, aim) !== '') return { beside, ratio, goal: '' };
  const sound = shortfall(mine, aim) === '' && mine.every(({ books }) => books?.failures === 0);
  const goal = as === 'ratio' ? `≤ ${atMost}` : `≤ ${atMost} µs more`;
  return { beside, ratio, goal, met: sound && median(pairs) <= atMost };
}

function show(costs: readonly Cost[]): string {
  return `${median(costs.map(({ cpuUs }) => cpuUs)).toFixed(1)} µs`;
}

function shortfall(costs: readonly Cost[], { requestsPerSecond: wanted }: Aim): string {
  const made = median(costs.map(({ requestsPerSecond }) => requestsPerSecond));
  return wanted === undefined || made >= KEPT * wanted ? '' : ` (keeps only ${Math.round(made)}/s)`;
}
