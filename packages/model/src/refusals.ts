/** What a master keeps out, by kind: what was refused, in the plural. */
export const REFUSALS = {
  'bad-frame': 'frames that are no messages of Drumline',
  stranger: 'messages of peers that have not joined',
  nonsense: 'messages of workers that cannot be true',
  protocol: 'workers of another protocol version',
  name: 'workers with the name of one that is connected',
  full: 'workers beyond the most that a master takes',
  over: 'workers that came when the run was over',
} as const satisfies Record<string, string>;

export type RefusalKind = keyof typeof REFUSALS;

/** How often what was refused. Kinds that did not occur are absent. */
export type RefusalCounts = Readonly<Partial<Record<RefusalKind, number>>>;

/** `12 frames that are no messages of Drumline`, one text for each kind that occurred. */
export function describeRefusals(counts: RefusalCounts): string[] {
  return Object.entries(counts).map(([kind, count]) => `${count} ${REFUSALS[kind as RefusalKind] ?? kind}`);
}
