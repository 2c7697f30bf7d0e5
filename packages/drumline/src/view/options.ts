import type picocolors from 'picocolors';

/** Colors and size of the output. */
export interface ViewOptions {
  /** Whether to use ANSI colors. */
  readonly color: boolean;
  /** Columns. */
  readonly width: number;
  /** Height in lines; undefined if unlimited. */
  readonly rows?: number | undefined;
}

/** Color functions. They return the text unchanged if colors are off. */
export type Colors = ReturnType<typeof picocolors.createColors>;
