import { DrumlineError, EXIT_CODES, type RunState } from '@drumline/model';
import type { RunEventView } from '@drumline/wire';

/** Delivers the events of a run to all who follow it. */
export class EventBus {
  private readonly listeners = new Set<(event: RunEventView) => void>();

  /** @param onEvent called after each event was delivered */
  constructor(private readonly onEvent: () => void) {}

  emit(event: RunEventView): void {
    for (const listener of this.listeners) listener(event);
    this.onEvent();
  }

  /** Announces the state of the run. */
  emitState(state: RunState | 'paused'): void {
    this.emit({ type: 'state', state, at: new Date().toISOString() });
  }

  /** Announces the end of a run without a result. */
  emitFailure(error: Error): void {
    const exit = error instanceof DrumlineError ? error.exit : 'internal';
    const { exitCode } = EXIT_CODES[exit];
    this.emit({ type: 'end', exitCode, exit, verdict: 'failed', reasons: [] });
  }

  /** @returns a function that ends the subscription */
  subscribe(listener: (event: RunEventView) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
