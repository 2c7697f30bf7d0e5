import type { ComponentChildren } from 'preact';

/** A sign with a word, so that color is never all that tells. */
export function Mark({ passed }: { readonly passed: boolean }) {
  return (
    <span class={`mark ${passed ? 'good' : 'bad'}`} role="img" aria-label={passed ? 'passed' : 'failed'}>
      {passed ? '✓' : '✗'}
    </span>
  );
}

export function Muted({ children }: { readonly children: ComponentChildren }) {
  return <span class="muted">{children}</span>;
}

/** A line of its own inside of a cell or a fact. */
export function Line({ children }: { readonly children: ComponentChildren }) {
  return <span class="line">{children}</span>;
}

export function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
