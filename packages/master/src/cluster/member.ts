import {
  MEMBER_STATES,
  StateMachine,
  type MemberEvent,
  type MemberState,
  type Millis,
} from '@drumline/model';
import type { Heartbeat, Hello } from '@drumline/wire';

/** The run that has a worker, and since when. */
interface Turn {
  /** `NO_RUN` while the worker is idle. */
  readonly runId: string;
  /** On the master's monotonic clock, later than the turn before. */
  readonly sinceMs: Millis;
}

/** The run id of idle workers. */
export const NO_RUN = '';

/** A worker that has joined the cluster. It may take part in several runs, one after the other. */
export interface Member {
  readonly id: string;
  /** The address of its messages. */
  readonly peer: string;
  /** Divides members into groups of about the same size. */
  readonly number: number;
  readonly hello: Hello;
  readonly presence: StateMachine<MemberState, MemberEvent>;
  /** The run that has it. */
  turn: Turn;
  /** Whether it belongs to a resumed run and may still come back from the previous master. */
  isAwaited: boolean;
  /** When it last sent anything. */
  lastSeenMs: Millis;
  /** When its last heartbeat arrived. */
  beatMs: Millis;
  /** Whether processes of an earlier run on it have not ended. */
  isEnding: boolean;
  /** Whether it leaves the cluster. It gets no other run. */
  isLeaving: boolean;
  /** Its last heartbeat in its turn. */
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
    turn: { runId: NO_RUN, sinceMs: nowMs },
    isAwaited: false,
    isEnding: false,
    isLeaving: false,
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

/** Gives a worker to a run, or to none. Resets what is known of it in a run. */
export function beginTurn(member: Member, runId: string, nowMs: Millis): void {
  // Later than the turn before, even within a millisecond.
  member.turn = { runId, sinceMs: Math.max(nowMs, member.turn.sinceMs + 1) };
  member.isAwaited = false;
  member.isEnding ||= member.health !== undefined;
  member.health = undefined;
  member.lanes = member.hello.lanes;
  member.isRecorded = false;
}

export function isPresent({ presence }: Member): boolean {
  return presence.state === 'present';
}
