import type { SharedAnswer, SharedOp } from '@drumline/model';

/** Asks for values that all lanes share. A lane installs it after it has loaded the bundle. */
export interface SharedPort {
  ask<A extends SharedAnswer>(op: SharedOp): Promise<A>;
  onWake(key: string, listener: () => void): void;
}

let installed: SharedPort | undefined;

export function installShared(port: SharedPort): void {
  installed = port;
}

/** @throws Error outside a lane, such as in a hook on the master */
export function requireShared(): SharedPort {
  if (installed) return installed;
  throw new Error(
    'Shared values can be used in tasks, setup, teardown and hooks on workers, but not while the scenario is loaded or on the master.',
  );
}
