/** More came out of a decoder than may. */
export class OutputTooLarge extends Error {}
