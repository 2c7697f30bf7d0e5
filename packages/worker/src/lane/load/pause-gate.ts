/** Holds users between tasks while the run is paused. */
export class PauseGate {
  private gate: { readonly promise: Promise<void>; readonly open: () => void } | undefined;

  /** Resolves when the run goes on; undefined if it is not paused. */
  pass(): Promise<void> | undefined {
    return this.gate?.promise;
  }

  set(paused: boolean): void {
    if (paused && !this.gate) {
      let open = (): void => {};
      const promise = new Promise<void>((resolve) => (open = resolve));
      this.gate = { promise, open };
    } else if (!paused) {
      this.gate?.open();
      this.gate = undefined;
    }
  }
}
