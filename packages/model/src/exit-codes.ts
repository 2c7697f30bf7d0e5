/** Every way the program ends, the one catalogue that the CLI, the report and the docs read. */
export const EXIT_CODES = {
  passed: { exitCode: 0, meaning: 'The run went to its planned end and nothing failed.' },
  'requests-failed': {
    exitCode: 1,
    meaning:
      'The run is over and something failed: requests, checks or the scenario’s own code. The summary says which.',
  },
  usage: { exitCode: 2, meaning: 'An option, a command or a config file is wrong.' },
  'scenario-invalid': {
    exitCode: 3,
    meaning: 'The scenario has a syntax, type or plan error, or could not be loaded.',
  },
  'workers-never-came': { exitCode: 4, meaning: 'Fewer workers than expected joined in time.' },
  'worker-lost': {
    exitCode: 5,
    meaning:
      'A worker or lane was lost during the run, and not everything is counted; the report says what is missing.',
  },
  'address-unavailable': { exitCode: 6, meaning: 'A port is taken or an address cannot be bound.' },
  'master-unreachable': { exitCode: 7, meaning: 'No master answers at the given address.' },
  refused: {
    exitCode: 8,
    meaning: 'The master refused this worker (protocol version, name, token), or its API this command.',
  },
  'output-unwritable': { exitCode: 9, meaning: 'A report, CSV or JSON path cannot be written.' },
  'setup-failed': {
    exitCode: 10,
    meaning: 'The scenario’s setup, a hook or every lane failed; there was no run to measure.',
  },
  'request-invalid': {
    exitCode: 11,
    meaning: 'The master cannot do that now, for example start a run that is over.',
  },
  'master-lost': {
    exitCode: 12,
    meaning: 'The worker’s master went away and did not come back in time.',
  },
  'nothing-measured': {
    exitCode: 13,
    meaning: 'The run is over, but no request, check or metric was measured. A note says why.',
  },
  'stopped-early': {
    exitCode: 14,
    meaning: 'The run was stopped by hand before its planned end. Nothing had failed until then.',
  },
  'target-down': {
    exitCode: 15,
    meaning: 'No request ever reached the target, so the run was ended early.',
  },
  'stopped-by-scenario': {
    exitCode: 16,
    meaning: 'The scenario stopped the run before its planned end. Nothing had failed until then.',
  },
  'workers-left': {
    exitCode: 17,
    meaning: 'Every worker left before the planned end of the run, and no other one joined in time.',
  },
  internal: { exitCode: 70, meaning: 'A defect in Drumline. Please report it.' },
  interrupted: {
    exitCode: 130,
    meaning:
      'Ctrl-C, SIGTERM or the loss of its master ended the run early; the report is complete up to then.',
  },
  'handed-over': {
    exitCode: 143,
    meaning:
      'SIGTERM or Ctrl-C ended this process before the run was over, and another can take its place: a worker handed its users to the others, a master left its run to be resumed.',
  },
} as const satisfies Record<string, { exitCode: number; meaning: string }>;

/** A way to end, by name. */
export type ExitName = keyof typeof EXIT_CODES;
