/** What a master rejects, by kind, with the texts for one and for several. */
export const REFUSALS = {
  connection: ['a connection', 'connections'],
  'bad-frame': ['a frame that is not a Drumline message', 'frames that are not Drumline messages'],
  stranger: ['a message from a peer that has not joined', 'messages from peers that have not joined'],
  flood: ['a message beyond the queue limit of its peer', 'messages beyond the queue limit of their peer'],
  nonsense: ['an impossible message', 'impossible messages'],
  protocol: ['a worker with another protocol version', 'workers with another protocol version'],
  name: ['a worker whose name is in use', 'workers whose name is in use'],
  full: ['a worker beyond the limit of workers', 'workers beyond the limit of workers'],
  over: ['a worker that joined after the run', 'workers that joined after the run'],
  request: ['a request to the control API', 'requests to the control API'],
  idler: ['an idle connection to the control API', 'idle connections to the control API'],
  listener: ['an event stream', 'event streams'],
} as const satisfies Record<string, readonly [one: string, several: string]>;

export type RefusalKind = keyof typeof REFUSALS;

/** Number of refusals by kind. Kinds that did not occur are absent. */
export type RefusalCounts = Record<string, number>;

/** One text for each kind that occurred, such as `12 frames that are not Drumline messages`. */
export function describeRefusals(counts: RefusalCounts): string[] {
  return Object.entries(counts).map(([kind, count]) => {
    const [one, several] = REFUSALS[kind as RefusalKind] ?? [kind, kind];
    return count === 1 ? one : `${count} ${several}`;
  });
}
