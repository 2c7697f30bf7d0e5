import { formatDuration } from '@drumline/model';
import type { PlanResult, RunResult } from '@drumline/wire';
import { formatCount } from '../format.js';
import { type Markup, type Part, markup } from './markup.js';

/** Renders the load, users and options. Results of older versions have no plan. */
export function renderPlan({ plan, options = {} }: RunResult): Markup | false {
  if (plan === undefined) return false;
  return markup`<section class="card" aria-labelledby="plan">
<div class="bar"><h2 id="plan">Plan</h2></div>
<dl class="plan">
${fact('Load', stages(plan.load))}
${fact(
  'Users',
  plan.userTypes.map((type) => line(userType(type, plan.userTypes.length > 1))),
)}
${fact('Stop timeout', formatDuration(plan.stopTimeoutMs))}
${plan.tags && fact('Included tags', plan.tags.join(', '))}
${plan.excludeTags && fact('Excluded tags', plan.excludeTags.join(', '))}
${Object.keys(options).length > 0 && fact('Options', optionTags(options))}
</dl>
</section>`;
}

function fact(name: string, value: Part): Markup {
  return markup`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function line(content: Part): Markup {
  return markup`<span class="line">${content}</span>`;
}

/** One line for each stage, such as `from 0s ramp to 40 users over 15s`. */
function stages({ fromUsers, stages: all }: PlanResult['load']): Markup {
  let [users, atMs] = [fromUsers, 0];
  const lines: Markup[] = [];
  if (fromUsers > 0) lines.push(stage(0, `start with ${people(fromUsers)}`));
  for (const { toUsers, durationMs } of all) {
    const verb = toUsers === users ? 'hold' : toUsers > users ? 'ramp to' : 'ramp down to';
    if (durationMs === null) lines.push(stage(atMs, `hold ${people(toUsers)} until stopped`));
    else if (durationMs > 0) {
      const how = verb === 'hold' ? 'for' : 'over';
      lines.push(stage(atMs, `${verb} ${people(toUsers)} ${how} ${formatDuration(durationMs)}`));
    } else if (toUsers !== users) lines.push(stage(atMs, `jump to ${people(toUsers)}`));
    users = toUsers;
    atMs += durationMs ?? 0;
  }
  return markup`${lines}`;
}

function stage(atMs: number, text: string): Markup {
  return line(markup`<small class="muted">from ${atMs === 0 ? '0s' : formatDuration(atMs)}</small> ${text}`);
}

function people(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'user' : 'users'}`;
}

function userType(
  { name, weight, fixedCount, tasks }: PlanResult['userTypes'][number],
  several: boolean,
): Markup {
  const share =
    fixedCount !== undefined ? `always ${formatCount(fixedCount)}` : several && `weight ${weight}`;
  return markup`<strong>${name}</strong>${share && markup` <small class="muted">${share}</small>`} <span class="muted">${tasks.join(', ')}</span>`;
}

function optionTags(options: Readonly<Record<string, string>>): Markup[] {
  return Object.entries(options).map(
    ([name, value]) => markup`<span class="tag">--${name}${value !== 'true' && ` ${value}`}</span> `,
  );
}
