import { formatCount } from '../format-count.js';
import type { LoadProfile } from '../load.js';
import { formatLoadRate } from '../rate-text.js';
import { formatDuration, type Millis } from '../units.js';
import type { PartStage } from './part-stage.js';
import { RateCurve } from './rate-curve.js';
import { stagesDurationMs, type RateProfile } from './rate-profile.js';
import type { ShapeController } from './shape-controller.js';
import type { FixedWorkload, ListedOrder, LoadPart, OpenWorkload, Workload } from './workload.js';

/** A load that a shape decides about, as a sentence. */
export function describeShape({ spawnRate }: ShapeController): string {
  const rate = spawnRate === undefined ? '' : `, at ${formatCount(spawnRate)} users per second`;
  return `decided by shape() once a second${rate}`;
}

/** A workload as a sentence: `ramp to 50 users over 5s, hold 50 for 10s`. */
export function describeWorkload(workload: Workload): string {
  switch (workload.kind) {
    case 'users':
      return describeProfile(workload.profile);
    case 'arrivals':
    case 'iterations':
      return describeOpen(workload);
    case 'fixed':
      return describeFixed(workload);
  }
}

/**
 * A part as a sentence: `warmUp, after 2m: ramp to 50 users over 5s`.
 * @param user the user type, if the part is for one type only
 */
export function describePart(
  { phase, startMs, workload }: Pick<LoadPart, 'phase' | 'startMs' | 'workload'>,
  user?: string,
): string {
  const facts = [
    ...(user === undefined ? [] : [user]),
    ...(phase === '' ? [] : [phase]),
    ...(startMs === null ? ['then'] : startMs > 0 ? [`after ${formatDuration(startMs)}`] : []),
  ];
  return `${facts.length === 0 ? '' : `${facts.join(', ')}: `}${describeWorkload(workload)}`;
}

function describeProfile({ fromUsers, stages }: LoadProfile): string {
  return describeStages(
    fromUsers,
    stages.map(({ durationMs, toUsers }) => ({ durationMs, to: toUsers })),
    (users, isFirst) => `${formatCount(users)}${isFirst ? (users === 1 ? ' user' : ' users') : ''}`,
  );
}

function describeOpen(workload: OpenWorkload): string {
  const { rate, order, kind } = workload;
  const limit = kind === 'arrivals' ? workload.maxConcurrent : workload.maxUsers;
  const atMost =
    limit === undefined ? [] : [`at most ${usersText(limit)}${kind === 'arrivals' ? ' at a time' : ''}`];
  if (order.kind === 'listed') return [`${kind}: ${describeListed(order, rate)}`, ...atMost].join(', ');
  const { total } = new RateCurve(rate);
  return [
    `${kind}: ${describeRate(rate)}`,
    ...(order.kind === 'random' ? [`at random times (seed ${order.seed})`] : []),
    ...atMost,
    ...(total === Infinity
      ? []
      : [`${order.kind === 'random' ? 'about ' : ''}${formatCount(total)} in total`]),
  ].join(', ');
}

/** `12,345 starts as in access.csv, twice as fast, over 5m`. */
export function describeListed(
  { file, count, speed }: Omit<ListedOrder, 'kind' | 'table'>,
  rate: RateProfile,
): string {
  const times = speed === 1 ? '' : `, ${formatCount(speed)} times as fast`;
  const overMs = stagesDurationMs(rate.stages) ?? 0;
  return `${formatCount(count)} ${count === 1 ? 'start' : 'starts'} as in ${file}${times}, over ${formatDuration(overMs)}`;
}

function describeRate({ fromPerSecond, stages }: RateProfile): string {
  const [first] = stages;
  const isConstant = first !== undefined && first.toPerSecond === fromPerSecond;
  return describeStages(
    isConstant || first?.durationMs === 0 ? 0 : fromPerSecond,
    stages.map(({ durationMs, toPerSecond }) => ({ durationMs, to: toPerSecond })),
    (rate) => formatLoadRate(rate),
    isConstant ? fromPerSecond : undefined,
  );
}

/** @param before the value before the first stage, if it is not part of the sentence */
function describeStages(
  from: number,
  stages: readonly { readonly durationMs: Millis | null; readonly to: number }[],
  format: (value: number, isFirst: boolean) => string,
  before = from,
): string {
  const parts: string[] = [];
  let current = before;
  const add = (verb: string, value: number, rest = ''): void => {
    parts.push(`${verb} ${format(value, parts.length === 0)}${rest}`);
  };
  if (from > 0) add('start with', from);
  stages.forEach(({ durationMs, to }, index) => {
    const last = current;
    current = to;
    if (durationMs === 0) {
      // A jump at the end, such as that of a spike, changes nothing.
      if (to !== last && (index < stages.length - 1 || parts.length === 0))
        add(parts.length > 0 ? 'jump to' : 'start with', to);
    } else if (durationMs === null) add('hold', to, ' until stopped');
    else if (to === last) add('hold', to, ` for ${formatDuration(durationMs)}`);
    else add(to > last ? 'ramp to' : 'ramp down to', to, ` over ${formatDuration(durationMs)}`);
  });
  return parts.join(', ');
}

function describeFixed({ total, users, each, limitMs }: FixedWorkload): string {
  const limit = limitMs === null ? '' : `, for at most ${formatDuration(limitMs)}`;
  if (!each)
    return `${iterationsText(total)} ${users === 1 ? 'by' : 'shared by'} ${usersText(users)}${limit}`;
  return `${iterationsText(total / users)} by each of ${usersText(users)}${limit}`;
}

/** The current stage of a part: `ramp to 500 users, 40s of 2m, stage 1 of 2`. */
export function describeStage(part: Omit<PartStage, 'types'>): string {
  const { kind, phase, number, stages, from, to, elapsedMs, durationMs } = part;
  const verb = to === from ? 'hold' : to > from ? 'ramp to' : 'ramp down to';
  // Whole seconds, because tenths change too quickly to read.
  const passed = formatDuration(Math.floor(elapsedMs / 1_000) * 1_000).replace(/^0ms$/, '0s');
  const time =
    durationMs !== null
      ? `, ${passed} of ${formatDuration(durationMs)}`
      : kind === 'fixed'
        ? `, ${passed}`
        : ' until stopped';
  const what =
    kind === 'users'
      ? `${verb} ${usersText(to)}`
      : kind === 'fixed'
        ? `${iterationsText(to)} in total`
        : `${verb} ${startsText(to, kind)}`;
  return `${phase === '' ? '' : `${phase}: `}${what}${time}${stages > 1 ? `, stage ${number} of ${stages}` : ''}`;
}

/** `200 arrivals/s`, `9 iterations/m`. */
export function startsText(perSecond: number, kind: OpenWorkload['kind']): string {
  return formatLoadRate(perSecond).replace('/', ` ${kind}/`);
}

function usersText(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'user' : 'users'}`;
}

function iterationsText(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'iteration' : 'iterations'}`;
}
