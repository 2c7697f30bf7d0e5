import { formatDuration } from '@drumline/model';
import type { PlanResult, RunResult } from '@drumline/wire';
import { formatCount } from '../format.js';
import { line, renderLoad } from './load.js';
import { type Markup, type Part, markup } from './markup.js';

/** Renders the load, users and options. Results of older versions have no plan. */
export function renderPlan({ plan, options = {} }: RunResult): Markup | false {
  if (plan === undefined) return false;
  return markup`<section class="card" aria-labelledby="plan">
<div class="bar"><h2 id="plan">Plan</h2></div>
<dl class="plan">
${fact('Load', renderLoad(plan))}
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
