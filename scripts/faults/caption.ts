/** The parts of the output of `jest --json` that are used here. */
export interface JestResults {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Where and when the table was made. */
export interface Circumstances {
  readonly commit: string;
  readonly machine: string;
  readonly tookMs: number;
  /** Load average over one minute, at the start and at the end. */
  readonly load: readonly [number, number];
}

/** The text under the table: number of tests, failed and skipped tests by name, and the machine. */
export function captionOf(
  { testResults }: JestResults,
  { commit, machine, tookMs, load }: Circumstances,
): string {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const named = (...states: string[]): string[] =>
    tests.filter(({ status }) => states.includes(status)).map(({ fullName }) => fullName);
  const minutes = Math.round(tookMs / 60_000);
  return [
    `Commit ${commit}: ${named('passed').length} of ${tests.length} tests passed.`,
    ...listed('Failed', named('failed')),
    ...listed('Not run here', named('pending', 'skipped', 'todo')),
    `${machine}; load average ${load.map((value) => value.toFixed(0)).join(' at the start, ')} at the end; it took ${minutes} min.`,
  ].join(' ');
}

function listed(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${what}: ${names.map((name) => `“${name}”`).join(', ')}.`];
}
