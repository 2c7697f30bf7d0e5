/** One fault in the table: what the target saw, what the report says, and what it says it lacks. */
export interface FaultRow {
  readonly fault: string;
  readonly survived: boolean;
  readonly seenByTarget: number;
  /** `null` if there was no report. */
  readonly reported: number | null;
  /** Requests that may be missing at most, by the report; `null` if it gives no number. */
  readonly stated: number | null;
}
