/** Every exit code with its meaning. The command line, the report and the docs read this table. */
export const EXIT_CODES = {
  passed: { exitCode: 0, meaning: 'The run ended as planned, and nothing failed it.' },
  'requests-failed': {
    exitCode: 1,
    meaning:
      'Requests, checks or the scenario’s own code failed. Without thresholds, any failure fails the run. The summary says which failed.',
  },
  usage: { exitCode: 2, meaning: 'An option, a command or a config file is invalid.' },
  'scenario-invalid': {
    exitCode: 3,
    meaning: 'The scenario has a syntax, type or plan error, or cannot be loaded.',
  },
  'workers-never-came': { exitCode: 4, meaning: 'Fewer workers than expected joined in time.' },
  'worker-lost': {
    exitCode: 5,
    meaning:
      'A worker or lane was lost during the run, or counts are incomplete for another reason. The report says which, and whether requests or starts are missing.',
  },
  'address-unavailable': { exitCode: 6, meaning: 'A port is in use, or an address cannot be bound.' },
  'master-unreachable': { exitCode: 7, meaning: 'No master answers at the given address.' },
  refused: {
    exitCode: 8,
    meaning:
      'The master refused this worker (protocol version, name, token), or its control API refused this command.',
  },
  'output-unwritable': {
    exitCode: 9,
    meaning: 'A report, CSV or JSON path cannot be written, or an output cannot be used.',
  },
  'setup-failed': {
    exitCode: 10,
    meaning: 'The setup, a hook or every lane failed, so the run did not start.',
  },
  'request-invalid': {
    exitCode: 11,
    meaning: 'The master cannot do this now, for example start a run that has ended.',
  },
  'master-lost': {
    exitCode: 12,
    meaning: 'The worker lost its master, which did not return in time.',
  },
  'nothing-measured': {
    exitCode: 13,
    meaning: 'The run has ended, but no request, check or metric was measured. A note says why.',
  },
  'stopped-early': {
    exitCode: 14,
    meaning: 'A user stopped the run before its planned end. Nothing had failed until then.',
  },
  'target-down': {
    exitCode: 15,
    meaning: 'No request reached the target, so the run ended early.',
  },
  'stopped-by-scenario': {
    exitCode: 16,
    meaning: 'The scenario stopped the run before its planned end. Nothing had failed until then.',
  },
  'workers-left': {
    exitCode: 17,
    meaning: 'Every worker left before the planned end of the run, and no other worker joined in time.',
  },
  'thresholds-failed': {
    exitCode: 18,
    meaning:
      'The run has ended, and a threshold failed, or findLimit found no rate. The summary has the details.',
  },
  'threshold-abort': {
    exitCode: 19,
    meaning: 'A broken threshold ended the run early. The summary says which.',
  },
  regression: {
    exitCode: 22,
    meaning: 'The run is worse than its baseline: a condition of --fail-if was met.',
  },
  untrusted: {
    exitCode: 20,
    meaning: 'A worker was the bottleneck, and --untrusted fail was given. A note says when, and which one.',
  },
  'never-submitted': {
    exitCode: 23,
    meaning: 'No run was submitted in time to a master that executes one run (`drumline serve --once`).',
  },
  'queue-timeout': {
    exitCode: 24,
    meaning: 'The run waited in the queue for longer than `--max-wait`, and never began.',
  },
  'limits-too-low': {
    exitCode: 25,
    meaning:
      'A limit of a machine will certainly break the run, or is too low for Drumline itself, so nothing started. The message says how to raise it. `--force` starts a run anyway.',
  },
  internal: { exitCode: 70, meaning: 'A defect in Drumline. Please report it.' },
  interrupted: {
    exitCode: 130,
    meaning:
      'Ctrl-C, SIGTERM or the loss of the master ended the run early. The report is complete up to then.',
  },
  'handed-over': {
    exitCode: 143,
    meaning:
      'SIGTERM or Ctrl-C ended this process during the run, and another process can continue it: a worker passed its users to the others, or a master left its run to be resumed.',
  },
} as const satisfies Record<string, { exitCode: number; meaning: string }>;

/** Name of an exit code. */
export type ExitName = keyof typeof EXIT_CODES;

/** The name of an exit code; `internal` for one that Drumline does not have. */
export function exitNameOf(exitCode: number): ExitName {
  const names = Object.keys(EXIT_CODES) as ExitName[];
  return names.find((name) => EXIT_CODES[name].exitCode === exitCode) ?? 'internal';
}
