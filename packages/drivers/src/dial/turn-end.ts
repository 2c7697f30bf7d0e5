/** What has something to send at the end of a turn of the event loop. */
export interface TurnEnding {
  turnEnded(): void;
}

/** What has come in whole, for somebody who waits for it. */
export interface Delivery {
  deliver(): void;
}

/**
 * So many send together at most, and so many are delivered. More would cost a little less, but their answers come in bursts that wait for
 * each other; and with very many, what the first of them needs has left the processor's caches when its turn comes.
 */
const TOGETHER = 16;

const waiting: TurnEnding[] = [];
const rested: TurnEnding[] = [];
const arrived: Delivery[] = [];
const READY = Promise.resolve();
let ended = 0;
let endIsDue = false;

/** How many turns have ended in which something was sent or came in: where the number is another one, the event loop has gone on. */
export function turnsEnded(): number {
  return ended;
}

/** The number of the present turn, which counts from now on, whether or not anything is sent in it. */
export function currentTurn(): number {
  if (!endIsDue) {
    endIsDue = true;
    setImmediate(deliverAll);
    // After what the deliveries have set going, in the same turn.
    setImmediate(endTurn);
  }
  return ended;
}

/**
 * Calls back once all sockets that were ready in this turn of the event loop have been read, and what that set going has run; or
 * earlier, when enough have gathered.
 *
 * What is sent, is sent there, that of many connections together: a target that would fall asleep between two requests is woken once
 * for all of them. Waking a process on another core is dearer than all else that a request costs.
 */
export function atTurnEnd(ending: TurnEnding): void {
  currentTurn();
  // `queueMicrotask` would cost several times as much.
  if (waiting.push(ending) === TOGETHER) void READY.then(sendAll);
}

/**
 * Calls back at the end of the turn and never earlier, however many have gathered. All sockets of
 * this turn have been read by then: for what goes out on a connection that has been idle, whose end
 * may be waiting there.
 */
export function atTurnEndOnly(ending: TurnEnding): void {
  currentTurn();
  rested.push(ending);
}

/**
 * Delivers it together with others, at the latest before this turn of the event loop ends. All that the code of users does in answer
 * then runs in one go, while the processor has it at hand, instead of between the system calls of two readings.
 */
export function deliverSoon(delivery: Delivery): void {
  currentTurn();
  if (arrived.push(delivery) === TOGETHER) deliverAll();
}

function deliverAll(): void {
  for (let i = 0; i < arrived.length; i++) arrived[i]!.deliver();
  arrived.length = 0;
}

function sendAll(): void {
  // What is added meanwhile goes with them.
  for (let i = 0; i < waiting.length; i++) waiting[i]!.turnEnded();
  waiting.length = 0;
}

function endTurn(): void {
  // What was set going by the deliveries may have come to an end as well, and nobody else looks in this turn.
  deliverAll();
  sendAll();
  for (let i = 0; i < rested.length; i++) rested[i]!.turnEnded();
  rested.length = 0;
  endIsDue = false;
  ended += 1;
}
