/** What has something to do at the end of a turn of the event loop. */
export interface TurnEnding {
  turnEnded(): void;
}

const waiting: TurnEnding[] = [];
let ended = 0;

/** How many turns have ended in which something was sent or came in: where the number is another one, the event loop has gone on. */
export function turnsEnded(): number {
  return ended;
}

/**
 * Calls back once all sockets that were ready in this turn of the event loop have been read, and what that set going has run.
 *
 * What is sent, is sent there, that of all connections together: a target that would fall asleep between two requests is woken once
 * for all of them. Waking a process on another core is dearer than all else that a request costs.
 */
export function atTurnEnd(ending: TurnEnding): void {
  if (waiting.push(ending) === 1) setImmediate(endTurn);
}

function endTurn(): void {
  // What is added meanwhile belongs to this turn.
  for (let i = 0; i < waiting.length; i++) waiting[i]!.turnEnded();
  waiting.length = 0;
  ended += 1;
}
