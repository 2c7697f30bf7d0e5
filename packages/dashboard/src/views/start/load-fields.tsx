import { setQuery } from '../../route.js';
import { Field } from './fields.js';
import { field, LOAD_OPTIONS, loadKindOf, LOADS, type LoadKind, type Values } from './form-values.js';

interface Props {
  readonly values: Values;
  readonly problemsOf: (name: string) => string[];
}

/** Overwrites the load of the scenario, with the options of the command line. */
export function LoadFields({ values, problemsOf }: Props) {
  const kind = loadKindOf(values);
  return (
    <fieldset class="card">
      <legend>Load</legend>
      <div class="fields">
        <Field name="load" title="Load">
          {(attributes) => (
            <select
              {...attributes}
              value={kind}
              onChange={({ currentTarget }) => setQuery('load', currentTarget.value)}
            >
              {(Object.keys(LOADS) as LoadKind[]).map((one) => (
                <option key={one} value={one}>
                  {LOADS[one].title}
                </option>
              ))}
            </select>
          )}
        </Field>
        {LOADS[kind].options.map((option) => {
          const { title, example, isNumber } = LOAD_OPTIONS[option];
          const name = field.option(option);
          return (
            <Field
              key={option}
              name={name}
              title={title}
              problems={problemsOf(name)}
              hint={option === 'stage' ? 'Duration and users or rate of each, such as 2m:500.' : undefined}
            >
              {(attributes) => (
                <input
                  {...attributes}
                  inputMode={isNumber ? 'numeric' : 'text'}
                  autocomplete="off"
                  placeholder={option === 'run-time' && kind === '' ? 'as in the scenario' : example}
                  value={values[name] ?? ''}
                  onInput={({ currentTarget }) => setQuery(name, currentTarget.value)}
                />
              )}
            </Field>
          );
        })}
      </div>
    </fieldset>
  );
}
