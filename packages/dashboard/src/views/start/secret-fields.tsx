import type { SecretRow } from './form-values.js';
import { idOf } from './fields.js';

interface Props {
  readonly rows: readonly SecretRow[];
  readonly problems: readonly string[];
  readonly onChange: (rows: readonly SecretRow[]) => void;
}

/** Secrets that the scenario reads by name. They are sent with the run, and stored nowhere here. */
export function SecretFields({ rows, problems, onChange }: Props) {
  const change = (index: number, part: Partial<SecretRow>): void =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  return (
    <fieldset class="card">
      <legend>Secrets</legend>
      <p class="muted">
        For scenarios that read <code>secrets.NAME</code>. They are not part of the link to this page.
      </p>
      {rows.map((row, index) => (
        // oxlint-disable-next-line react/no-array-index-key
        <p class="secret-row" key={index}>
          <input
            id={index === 0 ? idOf('secrets') : undefined}
            aria-label={`Name of secret ${index + 1}`}
            placeholder="NAME"
            autocomplete="off"
            value={row.name}
            onInput={({ currentTarget }) => change(index, { name: currentTarget.value })}
          />
          <input
            type="password"
            aria-label={`Value of secret ${index + 1}`}
            autocomplete="new-password"
            value={row.value}
            onInput={({ currentTarget }) => change(index, { value: currentTarget.value })}
          />
          <button type="button" onClick={() => onChange(rows.filter((_, at) => at !== index))}>
            Remove
          </button>
        </p>
      ))}
      {problems.length > 0 && <p class="field-problem">{problems.join('. ')}</p>}
      <p class="buttons">
        <button type="button" onClick={() => onChange([...rows, { name: '', value: '' }])}>
          Add a secret
        </button>
      </p>
    </fieldset>
  );
}
