import type { ClientId } from '@drumline/model';
import type { Participant } from './participant.js';

/** A lane process, as shared state names it. */
export interface LaneClient {
  readonly peer: string;
  readonly lane: number;
  /** Number of the process among those of the worker. */
  readonly client: number;
}

export function clientIdOf({ peer }: Pick<Participant, 'peer'>, lane: number, client: number): ClientId {
  return `${lane}.${client}@${peer}`;
}

export function clientOf(id: ClientId): LaneClient {
  const at = id.indexOf('@');
  const [lane, client] = id.slice(0, at).split('.').map(Number);
  return { peer: id.slice(at + 1), lane: lane!, client: client! };
}
