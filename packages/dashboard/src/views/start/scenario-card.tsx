import type { ScenarioView } from '@drumline/client';
import { fieldOf } from './form-values.js';

/** What a scenario says about itself. */
export function ScenarioCard({ scenario }: { readonly scenario: ScenarioView }) {
  const { name, description, userTypes, load, length, thresholds, problems } = scenario;
  const weights = userTypes.reduce((sum, { weight }) => sum + weight, 0);
  // Missing parameters are marked at their fields.
  const others = problems.filter((problem) => !fieldOf(problem)?.startsWith('p.'));
  return (
    <section class="card scenario-card" aria-label="About the scenario">
      <h2>{name}</h2>
      {description !== undefined && <p>{description}</p>}
      <dl>
        {userTypes.length > 0 && (
          <div>
            <dt>Users</dt>
            <dd>
              <ul>
                {userTypes.map(({ name: type, weight, tasks }) => (
                  <li key={type}>
                    <strong>{type}</strong>
                    {userTypes.length > 1 && ` ${Math.round((100 * weight) / weights)} %`}
                    <span class="muted">: {tasks.join(', ')}</span>
                  </li>
                ))}
              </ul>
            </dd>
          </div>
        )}
        {load.length > 0 && (
          <div>
            <dt>Load</dt>
            <dd>
              {load.map((sentence) => (
                <p key={sentence}>{sentence}</p>
              ))}
            </dd>
          </div>
        )}
        {length !== undefined && (
          <div>
            <dt>Length</dt>
            <dd>{length}</dd>
          </div>
        )}
        {thresholds.length > 0 && (
          <div>
            <dt>Thresholds</dt>
            <dd>
              <ul>
                {thresholds.map((threshold) => (
                  <li key={threshold}>{threshold}</li>
                ))}
              </ul>
            </dd>
          </div>
        )}
      </dl>
      {others.map(({ where, message, hint }) => (
        <p class="bad" key={where + message}>
          {where}: {message} {hint !== undefined && <span class="muted">{hint}</span>}
        </p>
      ))}
    </section>
  );
}
