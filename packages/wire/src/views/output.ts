/** An output of a run: where its seconds are written while it runs. */
export interface OutputView {
  /** `ndjson`, `prometheus`, ... */
  name: string;
  /** The URL or path, without credentials; empty if it has none. */
  to: string;
  /** `failing`: the last attempt failed, and it is repeated. */
  state: 'opening' | 'running' | 'failing' | 'closed';
  sentBatches: number;
  /** Seconds of which it lost data. The report is complete nevertheless. */
  droppedSeconds: number;
  /** Why it failed most recently. */
  lastError?: string;
}
