/** Prints one line for the operator while the master runs. */
export type Log = (line: string) => void;
