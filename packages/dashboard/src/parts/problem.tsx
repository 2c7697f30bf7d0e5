import type { ComponentChildren } from 'preact';

/** What went wrong, which is read out at once. Nothing without a text. */
export function Problem({ children }: { readonly children?: ComponentChildren }) {
  if (children === undefined) return null;
  return (
    <p class="problem" role="alert">
      {children}
    </p>
  );
}
