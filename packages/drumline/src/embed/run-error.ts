import { EXIT_CODES, type ExitName } from '@drumline/model';

/** A failure of a run that can be sent from one process to another. */
export interface Failure {
  /** The name of an exit code of `drumline run`. */
  readonly code: ExitName;
  readonly message: string;
  readonly hint?: string | undefined;
}

/**
 * Why a run could not start, or ended without a result. A run that fails its thresholds is no
 * error: it has a result.
 */
export class RunError extends Error {
  override readonly name = 'RunError';
  /**
   * The name of an exit code: `usage` for invalid options, `scenario-invalid` for problems of the
   * scenario, `setup-failed`, or `master-lost` if the process of the run was killed.
   */
  readonly code: ExitName;
  /** How to fix it. */
  readonly hint: string | undefined;

  constructor({ code, message, hint }: Failure, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }

  /** The exit code that `drumline run` would have. */
  get exitCode(): number {
    return EXIT_CODES[this.code].exitCode;
  }

  /** Every problem as one text that begins with its place. All problems are found at once. */
  get problems(): readonly string[] {
    const problems: string[] = [];
    const [headline = '', ...lines] = this.message.split('\n');
    const isList = headline.endsWith(':');
    for (const line of isList ? lines : [headline, ...lines]) {
      // A line with a deeper indentation continues the problem before it.
      const [, more] = /^ {6}(.*)$/.exec(line) ?? [];
      if (more === undefined || problems.length === 0) problems.push(line.trim());
      else problems.push(`${problems.pop()!}\n${more}`);
    }
    return problems;
  }
}
