import type { Drumline } from './drumline.js';
import type { Namespace } from './namespace.js';
import { startProxy, type NetworkProxy } from './network.js';
import { Trial } from './trial.js';

/** A trial of two workers: `far` reaches the master only through a network, `near` directly. */
export interface FarTrial extends AsyncDisposable {
  readonly trial: Trial;
  readonly network: NetworkProxy;
  readonly far: Drumline;
}

/** The network between `far` and the master. */
export interface Distance {
  readonly masterArgs?: readonly string[];
  /** Arguments of `far` only. */
  readonly workerArgs?: readonly string[];
  /** The namespace in which `far` runs. */
  readonly namespace?: Namespace;
}

export async function startFar(fault: string, distance: Distance = {}): Promise<FarTrial> {
  const { masterArgs = [], workerArgs = [], namespace } = distance;
  const host = namespace?.hostAddress ?? '127.0.0.1';
  const trial = await Trial.start(fault, {
    workers: [],
    targetHost: host,
    masterArgs: ['--expect-workers', '2', ...masterArgs],
  });
  const network = await startProxy(trial.cluster.port, host);
  // Beyond loopback a worker requires a token, which a master on loopback does not have.
  const args = namespace ? ['--insecure', ...workerArgs] : workerArgs;
  const far = trial.cluster.addWorker('far', args, network.address, { launcher: namespace?.launcher });
  trial.cluster.addWorker('near');
  return {
    trial,
    network,
    far,
    [Symbol.asyncDispose]: async () => {
      await trial[Symbol.asyncDispose]();
      await network.close();
    },
  };
}
