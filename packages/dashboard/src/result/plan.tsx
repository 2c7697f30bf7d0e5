import type { PlanResult, RunResult } from '@drumline/client';
import { formatCount, formatDuration } from '@drumline/model';
import { Load } from './load.js';
import { Fact, Line } from './marks.js';

/** The load, users and options. */
export function Plan({ result: { plan, options = {} } }: { readonly result: RunResult }) {
  if (plan === undefined) return null;
  const several = plan.userTypes.length > 1;
  return (
    <section class="card" aria-labelledby="plan">
      <h2 id="plan">Plan</h2>
      <dl class="plan">
        <Fact name="Load">
          <Load plan={plan} />
        </Fact>
        <Fact name="Users">
          {plan.userTypes.map((type) => (
            <Line key={type.name}>
              <strong>{type.name}</strong>
              <small class="muted">{shareOf(type, several)}</small>{' '}
              <span class="muted">{type.tasks.join(', ')}</span>
            </Line>
          ))}
        </Fact>
        <Fact name="Stop timeout">{formatDuration(plan.stopTimeoutMs)}</Fact>
        {plan.tags && <Fact name="Included tags">{plan.tags.join(', ')}</Fact>}
        {plan.excludeTags && <Fact name="Excluded tags">{plan.excludeTags.join(', ')}</Fact>}
        {Object.keys(options).length > 0 && (
          <Fact name="Options">
            {Object.entries(options).map(([name, value]) => (
              <span key={name}>
                <span class="tag">{value === 'true' ? `--${name}` : `--${name} ${value}`}</span>{' '}
              </span>
            ))}
          </Fact>
        )}
      </dl>
    </section>
  );
}

function shareOf({ weight, fixedCount }: PlanResult['userTypes'][number], several: boolean): string {
  if (fixedCount !== undefined) return ` always ${formatCount(fixedCount)}`;
  return several ? ` weight ${weight}` : '';
}
