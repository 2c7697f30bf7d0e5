/** The most findings in a report. */
export const MAX_FINDINGS = 1_000;
