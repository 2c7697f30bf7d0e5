import type { ParameterView } from '@drumline/client';
import { Field } from './fields.js';

interface Props {
  readonly parameter: ParameterView;
  readonly name: string;
  readonly value: string;
  readonly problems: readonly string[];
  readonly onChange: (value: string) => void;
}

/** A parameter of a scenario, with a control for its kind. */
export function ParameterField({ parameter, name, value, problems, onChange }: Props) {
  const { name: title, choices, kind, default: standard, min, max, secret, required } = parameter;
  const shown = standard === undefined ? '' : String(standard);
  const change = ({ currentTarget }: { currentTarget: { value: string } }): void =>
    onChange(currentTarget.value);
  return (
    <Field name={name} title={title} hint={hintOf(parameter)} problems={problems} isRequired={required}>
      {(attributes) => {
        if (choices || kind === 'boolean') {
          const values = choices ?? ['true', 'false'];
          return (
            <select {...attributes} value={value} onChange={change}>
              <option value="">
                {shown === '' ? (required ? 'Choose…' : 'no value') : `${shown} (default)`}
              </option>
              {values.map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </select>
          );
        }
        const common = { ...attributes, placeholder: shown, value, onInput: change };
        if (secret) return <input {...common} type="password" autocomplete="new-password" />;
        if (kind === 'number') return <input {...common} type="number" step="any" min={min} max={max} />;
        return <input {...common} type="text" autocomplete="off" />;
      }}
    </Field>
  );
}

function hintOf({ help, min, max, kind, secret, env, default: standard }: ParameterView): string | undefined {
  const range =
    min !== undefined && max !== undefined
      ? `From ${min} to ${max}`
      : min !== undefined
        ? `At least ${min}`
        : max !== undefined
          ? `At most ${max}`
          : '';
  const parts = [
    help === undefined ? '' : help.charAt(0).toUpperCase() + help.slice(1),
    range,
    kind === 'duration' && standard === undefined ? 'Such as 30s or 5m' : '',
    env === undefined ? '' : `By default from the variable ${env} of the master`,
    secret ? 'Secret: it is masked in logs and reports' : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? undefined : `${parts.join('. ')}.`;
}
