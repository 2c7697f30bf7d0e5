import type { MasterClient } from '@drumline/client';
import { usePolled } from '../../parts/poll.js';
import { setQuery } from '../../route.js';
import { Field } from './fields.js';
import { field, TITLES, type Values } from './form-values.js';

interface Props {
  readonly values: Values;
  /** Of the scenario. */
  readonly target: string | undefined;
  readonly master: MasterClient;
  readonly problemsOf: (name: string) => string[];
}

const FIELDS = [
  { name: field.option('target'), example: 'https://shop.example' },
  { name: 'labels', example: 'branch=main, team=pay' },
  { name: field.option('threshold'), example: 'p99 < 300ms' },
  { name: 'workers', example: 'all' },
  { name: 'wait', example: 'forever' },
] as const;

/** Target, labels, workers and start of the run. */
export function RunFields({ values, target, master, problemsOf }: Props) {
  const { value: health } = usePolled(() => master.health(), 3_000, [master]);
  const hints: Readonly<Record<string, string | undefined>> = {
    workers: health && workersText(health.workers),
    wait: health && queueText(health.runs),
    [field.option('threshold')]: 'The run fails unless it holds.',
  };
  return (
    <fieldset class="card">
      <legend>Run</legend>
      <div class="fields">
        {FIELDS.map(({ name, example }) => (
          <Field key={name} name={name} title={TITLES[name]!} hint={hints[name]} problems={problemsOf(name)}>
            {(attributes) => {
              const common = {
                ...attributes,
                placeholder: name === field.option('target') ? (target ?? example) : example,
                value: values[name] ?? '',
                onInput: ({ currentTarget }: { currentTarget: { value: string } }) =>
                  setQuery(name, currentTarget.value),
              };
              if (name === 'workers') return <input {...common} type="number" min="1" />;
              return <input {...common} type="text" autocomplete="off" />;
            }}
          </Field>
        ))}
      </div>
      <p class="choices">
        <label>
          <input
            type="checkbox"
            checked={values['hold'] === 'true'}
            onChange={({ currentTarget }) => setQuery('hold', currentTarget.checked ? 'true' : '')}
          />{' '}
          Prepare the workers, and wait for “Start”
        </label>
      </p>
    </fieldset>
  );
}

function workersText(count: number): string {
  if (count === 0) return 'No worker is connected, so the run will wait.';
  return count === 1 ? '1 worker is connected.' : `${count} workers are connected.`;
}

function queueText({ running, queued }: { readonly running: number; readonly queued: number }): string {
  if (running + queued === 0) return 'No other run is on.';
  const parts = [
    ...(running > 0 ? [`${running} in progress`] : []),
    ...(queued > 0 ? [`${queued} waiting`] : []),
  ];
  return `Other runs: ${parts.join(', ')}.`;
}
