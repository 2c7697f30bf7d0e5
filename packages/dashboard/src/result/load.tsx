import type { PlanResult } from '@drumline/client';
import { describeListed, formatCount, formatDuration, startsText } from '@drumline/model';
import { Line } from './marks.js';

type Part = PlanResult['load']['parts'][number];
type Workload = Part['workload'];

/** The parts of the load. Each has a line for its phase and user types, and one for each stage. */
export function Load({ plan: { load, userTypes } }: { readonly plan: PlanResult }) {
  return (
    <>
      {load.parts.map((part, index) => (
        <PartLines
          key={index}
          part={part}
          title={load.parts.length > 1 ? titleOf(part, userTypes.length) : ''}
        />
      ))}
    </>
  );
}

function PartLines({ part, title }: { readonly part: Part; readonly title: string }) {
  const seed = seedOf(part.workload);
  return (
    <>
      {title !== '' && (
        <Line>
          <strong>{title}</strong>
        </Line>
      )}
      {stagesOf(part).map(({ atMs, text }) => (
        <Line key={atMs + text}>
          <small class="muted">{whenOf(atMs, part.startMs === null)}</small> {text}
        </Line>
      ))}
      {seed !== '' && (
        <Line>
          <span class="muted">{seed}</span>
        </Line>
      )}
    </>
  );
}

/** The phase and the user types of a part. */
function titleOf({ phase, userTypes }: Part, types: number): string {
  const names = userTypes.length < types ? userTypes.join(', ') : '';
  return [phase, names].filter((text) => text !== '').join(' · ');
}

interface Stage {
  readonly atMs: number;
  readonly text: string;
}

function stagesOf({ workload, startMs }: Part): Stage[] {
  const begin = startMs ?? 0;
  switch (workload.kind) {
    case 'users': {
      const stages = workload.profile.stages.map(({ durationMs, toUsers }) => ({ durationMs, to: toUsers }));
      return stageTexts(workload.profile.fromUsers, stages, begin, people);
    }
    case 'fixed':
      return [{ atMs: begin, text: fixedText(workload) }];
    default: {
      const { order, rate, kind } = workload;
      if (order.kind === 'listed') return [{ atMs: begin, text: `${kind}: ${describeListed(order, rate)}` }];
      const stages = rate.stages.map(({ durationMs, toPerSecond }) => ({ durationMs, to: toPerSecond }));
      return stageTexts(rate.fromPerSecond, stages, begin, (value) => startsText(value, kind));
    }
  }
}

/** One text for each stage, such as `ramp to 40 users over 15s`. */
function stageTexts(
  first: number,
  stages: readonly { readonly durationMs: number | null; readonly to: number }[],
  beginMs: number,
  text: (value: number) => string,
): Stage[] {
  let [value, atMs] = [first, beginMs];
  const texts: Stage[] = [];
  // A first stage that holds says it, too.
  if (first > 0 && stages[0]?.to !== first) texts.push({ atMs, text: `start with ${text(first)}` });
  for (const { to, durationMs } of stages) {
    const verb = to === value ? 'hold' : to > value ? 'ramp to' : 'ramp down to';
    if (durationMs === null) texts.push({ atMs, text: `hold ${text(to)} until stopped` });
    else if (durationMs > 0) {
      const how = verb === 'hold' ? 'for' : 'over';
      texts.push({ atMs, text: `${verb} ${text(to)} ${how} ${formatDuration(durationMs)}` });
    } else if (to !== value) texts.push({ atMs, text: `jump to ${text(to)}` });
    value = to;
    atMs += durationMs ?? 0;
  }
  return texts;
}

function fixedText({ total, users, each, limitMs }: Extract<Workload, { kind: 'fixed' }>): string {
  const limit = limitMs === null ? '' : `, for at most ${formatDuration(limitMs)}`;
  return each
    ? `${formatCount(total / users)} iterations by each of ${people(users)}${limit}`
    : `${formatCount(total)} iterations, shared by ${people(users)}${limit}`;
}

function seedOf(workload: Workload): string {
  if (workload.kind !== 'arrivals' && workload.kind !== 'iterations') return '';
  const { order, maxConcurrent, maxUsers } = workload;
  const limit = maxConcurrent ?? maxUsers;
  return [
    ...(order.kind === 'random' ? [`at random times, seed ${order.seed}`] : []),
    ...(limit === undefined ? [] : [`at most ${people(limit)}`]),
  ].join(' · ');
}

/** @param follows whether times count from the end of a part of unknown length */
function whenOf(atMs: number, follows: boolean): string {
  const at = atMs === 0 ? '0s' : formatDuration(atMs);
  if (!follows) return `from ${at}`;
  return atMs === 0 ? 'then' : `then, after ${at}`;
}

function people(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'user' : 'users'}`;
}
