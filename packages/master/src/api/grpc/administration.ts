import { deleteRunRequest, drainRequest, messageReply } from '@drumline/wire';
import type { ControlPlane } from '../../service/control-plane.js';
import type { Operation } from './operations.js';

/** The calls that need the right to administration. */
export const ADMINISTRATION: readonly Operation[] = [
  {
    name: 'DrainWorker',
    summary: 'Let a worker leave: its users move to other workers, and its process ends',
    rest: 'POST /v1/workers/{name}/drain',
    request: ['DrainWorkerRequest', drainRequest],
    response: ['MessageReply', messageReply],
    call: (control: ControlPlane, { worker }: { worker: string }) => ({ message: control.drain(worker) }),
  },
  {
    name: 'DeleteRun',
    summary: 'Delete a run that has ended, with its result',
    rest: 'DELETE /v1/runs/{id}',
    request: ['DeleteRunRequest', deleteRunRequest],
    response: ['MessageReply', messageReply],
    call: async (control: ControlPlane, { run }: { run: string }) => ({ message: await control.delete(run) }),
  },
];
