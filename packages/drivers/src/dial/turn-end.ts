/** A sender with something to send at the end of a turn of the event loop. */
export interface TurnEnding {
  turnEnded(): void;
}

/** A completed response waiting to be handed to its caller. */
export interface Delivery {
  deliver(): void;
}

/**
 * The largest number of senders, and of deliveries, in one batch. Larger batches cost slightly
 * less, but their responses arrive in bursts that wait for each other. In very large batches, the
 * data of the first has left the processor caches when its turn comes.
 */
const TOGETHER = 16;

const waiting: TurnEnding[] = [];
const rested: TurnEnding[] = [];
const arrived: Delivery[] = [];
const READY = Promise.resolve();
let ended = 0;
let endIsDue = false;

/**
 * The number of turns that ended with something sent or received. If it has changed, the event loop
 * has moved on.
 */
export function turnsEnded(): number {
  return ended;
}

/**
 * The number of the current turn. The turn is counted from now on, even if nothing is sent in it.
 */
export function currentTurn(): number {
  if (!endIsDue) {
    endIsDue = true;
    setImmediate(deliverAll);
    // Runs after everything that the deliveries started in the same turn.
    setImmediate(endTurn);
  }
  return ended;
}

/**
 * Calls back after all sockets that were ready in this turn of the event loop have been read and
 * their callbacks have run. It calls back earlier if enough senders have gathered.
 *
 * Data of many connections is sent together at that point. A target that would sleep between two
 * requests is then woken once for all. Waking a process on another core is the most expensive part
 * of a request.
 */
export function atTurnEnd(ending: TurnEnding): void {
  currentTurn();
  // `queueMicrotask` would cost several times as much.
  if (waiting.push(ending) === TOGETHER) void READY.then(sendAll);
}

/**
 * Calls back at the end of the turn and never earlier, however many have gathered. All sockets of
 * this turn have been read by then. Use it to send on a connection that has been idle, because its
 * end may be waiting to be read.
 */
export function atTurnEndOnly(ending: TurnEnding): void {
  currentTurn();
  rested.push(ending);
}

/**
 * Delivers a response together with others, at the latest before this turn of the event loop ends.
 * User code then runs in one batch, with warm processor caches, instead of between two socket
 * reads.
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
  // Senders added meanwhile go with them.
  for (let i = 0; i < waiting.length; i++) waiting[i]!.turnEnded();
  waiting.length = 0;
}

function endTurn(): void {
  // Work started by the deliveries may have finished too, and nothing else checks in this turn.
  deliverAll();
  sendAll();
  for (let i = 0; i < rested.length; i++) rested[i]!.turnEnded();
  rested.length = 0;
  endIsDue = false;
  ended += 1;
}
