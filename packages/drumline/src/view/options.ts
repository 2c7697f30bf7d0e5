import type picocolors from 'picocolors';

/** How a view is drawn: with ANSI colors or without, and how many columns there are. */
export interface ViewOptions {
  readonly color: boolean;
  readonly width: number;
  /** Lines there are, where it matters. */
  readonly rows?: number | undefined;
}

/** Color functions that do nothing where colors are off. */
export type Colors = ReturnType<typeof picocolors.createColors>;
