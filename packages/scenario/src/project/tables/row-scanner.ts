/** Finds the ends of rows, and checks them. */
export interface RowScanner {
  /** Offset of the line break that ends the row; -1 if the row goes on after the bytes. */
  end(bytes: Buffer, from: number): number;
  /** Checks the row that was found last. @throws TableProblem */
  check(bytes: Buffer, from: number, end: number, line: number): void;
  /** Line breaks inside the row that was found last. */
  readonly innerLines: number;
}
