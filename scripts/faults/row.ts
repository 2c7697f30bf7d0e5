/**
 * One fault in the table: the counts of the target and of the report, and what the report states as
 * missing.
 */
export interface FaultRow {
  readonly fault: string;
  readonly survived: boolean;
  readonly seenByTarget: number;
  /** `null` if there was no report. */
  readonly reported: number | null;
  /** The bound of missing requests in the report; `null` if it gives no number. */
  readonly stated: number | null;
}
