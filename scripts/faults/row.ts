/** One fault in the table: what the target saw, what the report says, and what it says it lacks. */
export interface FaultRow {
  readonly fault: string;
  readonly survived: boolean;
  readonly seenByTarget: number;
  /** `null` if there was no report. */
  readonly reported: number | null;
  /** Requests that may be missing at most, by the report; `some` where it gives no number. */
  readonly stated: number | 'some' | null;
}
