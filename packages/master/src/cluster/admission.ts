import type { RefusalKind } from '@drumline/model';
import { PROTOCOL_VERSION, type Hello, type Refused } from '@drumline/wire';
import type { Member } from './member.js';

/** A peer that wants to join, and what the cluster knows about its name. */
export interface Applicant {
  readonly peer: string;
  readonly hello: Hello;
  /** Whether the cluster is closing. */
  readonly isOver: boolean;
  /** Why there is no room for it, as the end of a sentence. */
  readonly whyFull: string | undefined;
  /** The present worker of the same name. */
  readonly holder: Member | undefined;
}

/** Why a peer cannot join; undefined if it can, or must wait for the holder of its name to go. */
export function reasonToRefuse({
  peer,
  hello,
  isOver,
  whyFull,
  holder,
}: Applicant): (Refused & { readonly reason: RefusalKind }) | undefined {
  const type = 'refused';
  if (hello.protocol !== PROTOCOL_VERSION) {
    return {
      type,
      reason: 'protocol',
      message: `it uses version ${hello.protocol} of the protocol (Drumline ${hello.version}), but the master uses version ${PROTOCOL_VERSION}`,
      hint: 'Use the same version of Drumline on the master and on all workers.',
    };
  }
  if (isOver) {
    return {
      type,
      reason: 'over',
      message: 'the run is over',
      hint: 'Start the master of the next run, then this worker.',
    };
  }
  if (whyFull !== undefined) {
    return {
      type,
      reason: 'full',
      message: whyFull,
      hint: 'Start fewer workers. If you did not start this many, unauthorized peers can reach the worker port.',
    };
  }
  if (!holder || !isKnownAlive(holder, peer)) return undefined;
  const { host, pid } = holder.hello;
  return {
    type,
    reason: 'name',
    message: `a worker named '${hello.name}' is already connected from ${host} (process ${pid})`,
    hint: 'Give each worker a different --name, or omit the option.',
  };
}

/** Whether the holder of a name has sent anything since this peer claimed the name. */
function isKnownAlive(holder: Member, peer: string): boolean {
  const { claimant } = holder;
  if (claimant?.peer === peer && claimant.isRejected) {
    delete holder.claimant;
    return true;
  }
  if (claimant === undefined || claimant.isRejected) holder.claimant = { peer, isRejected: false };
  return false;
}
