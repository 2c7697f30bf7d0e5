/** A mistake in test data. It becomes a problem of the plan. */
export class TableProblem extends Error {
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** A problem in a line of a file. */
export function lineProblem(line: number, message: string, hint?: string): TableProblem {
  return new TableProblem(`line ${line}: ${message}`, hint);
}
