import type { RunResult } from '@drumline/wire';

// The scenario package does not know the result: both build on the same layer.
declare module '@drumline/scenario' {
  // oxlint-disable-next-line typescript/no-empty-object-type -- adds the fields of the result
  interface RunSummary extends RunResult {}
}

export * from '@drumline/scenario';
