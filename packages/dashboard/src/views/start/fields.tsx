import type { ComponentChildren } from 'preact';

/** What connects a control with its label and its texts. */
interface ControlAttributes {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: 'true';
}

interface FieldProps {
  /** Also the id of its control. */
  readonly name: string;
  readonly title: string;
  readonly hint?: string | undefined;
  readonly problems?: readonly string[] | undefined;
  readonly isRequired?: boolean;
  readonly children: (attributes: ControlAttributes) => ComponentChildren;
}

/** A control with its label, a hint, and what is wrong with its value. */
export function Field({ name, title, hint, problems = [], isRequired = false, children }: FieldProps) {
  const id = idOf(name);
  const isInvalid = problems.length > 0;
  const described = [...(hint === undefined ? [] : [`${id}-hint`]), ...(isInvalid ? [`${id}-problem`] : [])];
  return (
    <div class={isInvalid ? 'field invalid' : 'field'}>
      <label for={id}>
        {title}
        {isRequired && <span class="muted"> (required)</span>}
      </label>
      {children({
        id,
        ...(described.length > 0 && { 'aria-describedby': described.join(' ') }),
        ...(isInvalid && { 'aria-invalid': 'true' as const }),
      })}
      {hint !== undefined && (
        <small id={`${id}-hint`} class="muted">
          {hint}
        </small>
      )}
      {isInvalid && (
        <p id={`${id}-problem`} class="field-problem">
          {problems.join('. ')}
        </p>
      )}
    </div>
  );
}

export function idOf(name: string): string {
  return `field-${name.replaceAll(/[^\w-]/g, '-')}`;
}
