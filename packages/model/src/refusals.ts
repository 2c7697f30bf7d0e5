/** What a master keeps out, by kind: one of them, and several. */
export const REFUSALS = {
  connection: ['a connection', 'connections'],
  'bad-frame': ['a frame that is not a message of Drumline', 'frames that are not messages of Drumline'],
  stranger: ['a message of a peer that has not joined', 'messages of peers that have not joined'],
  flood: [
    'a message beyond what one peer may have waiting',
    'messages beyond what one peer may have waiting',
  ],
  nonsense: ['a message that cannot be true', 'messages that cannot be true'],
  protocol: ['a worker of another protocol version', 'workers of another protocol version'],
  name: ['a worker with a name that is taken', 'workers with a name that is taken'],
  full: ['a worker beyond the most that a master takes', 'workers beyond the most that a master takes'],
  over: ['a worker that came when the run was over', 'workers that came when the run was over'],
  request: ['a request to the control API', 'requests to the control API'],
  idler: ['a quiet connection to the control API', 'quiet connections to the control API'],
  listener: ['a stream of events', 'streams of events'],
} as const satisfies Record<string, readonly [one: string, several: string]>;

export type RefusalKind = keyof typeof REFUSALS;

/** How often what was refused. Kinds that did not occur are absent. */
export type RefusalCounts = Record<string, number>;

/** `12 frames that are not messages of Drumline`, one text for each kind that occurred. */
export function describeRefusals(counts: RefusalCounts): string[] {
  return Object.entries(counts).map(([kind, count]) => {
    const [one, several] = REFUSALS[kind as RefusalKind] ?? [kind, kind];
    return count === 1 ? one : `${count} ${several}`;
  });
}
