/** Thrown when the output of a decoder exceeds its limit. */
export class OutputTooLarge extends Error {}
