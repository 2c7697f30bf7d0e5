/** Orders of the program. They can arrive at any time. */
export interface Orders {
  stop: () => void;
  abort: () => void;
  /** The program has ended. */
  leave: () => void;
}
