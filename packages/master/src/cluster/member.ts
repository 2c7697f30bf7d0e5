import {
  MEMBER_STATES,
  StateMachine,
  type MemberEvent,
  type MemberState,
  type Millis,
} from '@drumline/model';
import type { Heartbeat, Hello } from '@drumline/wire';

/** A worker that has joined the cluster. It may take part in several runs. */
export interface Member {
  readonly id: string;
  /** The address of its messages. */
  readonly peer: string;
  /** Divides members into groups of about the same size. */
  readonly number: number;
  readonly hello: Hello;
  readonly presence: StateMachine<MemberState, MemberEvent>;
  /** When it last sent anything. */
  lastSeenMs: Millis;
  /** When its last heartbeat arrived. */
  beatMs: Millis;
  /** Its last heartbeat in the run. */
  health: Heartbeat | undefined;
  /** Number of its lanes. A run may start more lanes on it than it announced. */
  lanes: number;
  /** Whether the result of the run contains it. Others may be forgotten once they are gone. */
  isRecorded: boolean;
  /** Another peer that claims this name. Rejected once the current holder sends anything. */
  claimant?: { peer: string; isRejected: boolean };
}

/** What identifies a member, to restore it in another master. */
export type MemberIdentity = Pick<Member, 'id' | 'peer' | 'hello'>;

export function newMember({ id, peer, hello }: MemberIdentity, state: MemberState, nowMs: Millis): Member {
  const presence = new StateMachine<MemberState, MemberEvent>(MEMBER_STATES, state);
  return {
    id,
    peer,
    number: numberOf(peer),
    hello,
    presence,
    lastSeenMs: nowMs,
    beatMs: nowMs,
    health: undefined,
    lanes: hello.lanes,
    isRecorded: false,
  };
}

function numberOf(peer: string): number {
  let number = 0;
  for (const letter of peer) number = (number * 31 + letter.codePointAt(0)!) % 1_000_003;
  return number;
}

export function isPresent({ presence }: Member): boolean {
  return presence.state === 'present';
}
