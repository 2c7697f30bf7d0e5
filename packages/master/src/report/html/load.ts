import { describeListed, formatDuration, startsText } from '@drumline/model';
import type { LoadPartResult, PlanResult, WorkloadResult } from '@drumline/wire';
import { formatCount } from '../format.js';
import { type Markup, markup } from './markup.js';

/** The parts of the load. Each has a line for its phase and user types, and one for each stage. */
export function renderLoad({ load: { parts }, userTypes }: PlanResult): Markup {
  return markup`${parts.map((part) => [
    title(part, parts.length, userTypes.length),
    linesOf(part),
    seedLine(part.workload),
  ])}`;
}

export function line(content: Parameters<typeof markup>[1]): Markup {
  return markup`<span class="line">${content}</span>`;
}

/** The phase and the user types of a part, if there is more than one part. */
function title({ phase, userTypes }: LoadPartResult, parts: number, types: number): Markup | false {
  const names = userTypes.length < types ? userTypes.join(', ') : '';
  const facts = [phase, names].filter((text) => text !== '');
  return parts > 1 && facts.length > 0 && line(markup`<strong>${facts.join(' · ')}</strong>`);
}

function linesOf({ workload, startMs }: LoadPartResult): Markup[] {
  const begin = startMs ?? 0;
  // Times after a part of unknown length count from its end.
  const from = startMs === null ? 'then' : 'from';
  switch (workload.kind) {
    case 'users': {
      const stages = workload.profile.stages.map(({ durationMs, toUsers }) => ({ durationMs, to: toUsers }));
      return stageLines(workload.profile.fromUsers, stages, begin, from, people);
    }
    case 'fixed':
      return [stage(begin, from, fixedText(workload))];
    default: {
      const { order, rate, kind } = workload;
      if (order.kind === 'listed') return [stage(begin, from, `${kind}: ${describeListed(order, rate)}`)];
      const stages = workload.rate.stages.map(({ durationMs, toPerSecond }) => ({
        durationMs,
        to: toPerSecond,
      }));
      return stageLines(workload.rate.fromPerSecond, stages, begin, from, (rate) =>
        startsText(rate, workload.kind),
      );
    }
  }
}

/** One line for each stage, such as `from 0s ramp to 40 users over 15s`. */
function stageLines(
  first: number,
  stages: readonly { readonly durationMs: number | null; readonly to: number }[],
  beginMs: number,
  from: string,
  text: (value: number) => string,
): Markup[] {
  let [value, atMs] = [first, beginMs];
  const lines: Markup[] = [];
  // A first stage that holds says it, too.
  if (first > 0 && stages[0]?.to !== first) lines.push(stage(atMs, from, `start with ${text(first)}`));
  for (const { to, durationMs } of stages) {
    const verb = to === value ? 'hold' : to > value ? 'ramp to' : 'ramp down to';
    if (durationMs === null) lines.push(stage(atMs, from, `hold ${text(to)} until stopped`));
    else if (durationMs > 0) {
      const how = verb === 'hold' ? 'for' : 'over';
      lines.push(stage(atMs, from, `${verb} ${text(to)} ${how} ${formatDuration(durationMs)}`));
    } else if (to !== value) lines.push(stage(atMs, from, `jump to ${text(to)}`));
    value = to;
    atMs += durationMs ?? 0;
  }
  return lines;
}

function fixedText({ total, users, each, limitMs }: Extract<WorkloadResult, { kind: 'fixed' }>): string {
  const limit = limitMs === null ? '' : `, for at most ${formatDuration(limitMs)}`;
  return each
    ? `${formatCount(total / users)} iterations by each of ${people(users)}${limit}`
    : `${formatCount(total)} iterations, shared by ${people(users)}${limit}`;
}

function seedLine(workload: WorkloadResult): Markup | false {
  if (workload.kind !== 'arrivals' && workload.kind !== 'iterations') return false;
  const { order, maxConcurrent, maxUsers } = workload;
  const limit = maxConcurrent ?? maxUsers;
  const facts = [
    ...(order.kind === 'random' ? [`at random times, seed ${order.seed}`] : []),
    ...(limit === undefined ? [] : [`at most ${people(limit)}`]),
  ];
  return facts.length > 0 && line(markup`<span class="muted">${facts.join(' · ')}</span>`);
}

function stage(atMs: number, from: string, text: string): Markup {
  const at = atMs === 0 && from !== 'then' ? '0s' : formatDuration(atMs);
  const when = from === 'then' ? (atMs === 0 ? 'then' : `then, after ${at}`) : `${from} ${at}`;
  return line(markup`<small class="muted">${when}</small> ${text}`);
}

function people(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'user' : 'users'}`;
}
