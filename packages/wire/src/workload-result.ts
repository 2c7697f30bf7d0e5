import Type from '#typebox';

const count = Type.Integer({ minimum: 0 });
const rate = Type.Number({ minimum: 0, description: 'starts per second' });

function durationMs(description: string) {
  return Type.Union([Type.Number({ minimum: 0 }), Type.Null()], { description });
}

const stageMs = durationMs('milliseconds; 0 changes the load at once, null lasts until the run is stopped');

const order = Type.Union(
  [
    Type.Object({ kind: Type.Literal('even') }),
    Type.Object({ kind: Type.Literal('random'), seed: Type.Integer({ minimum: 0 }) }),
    Type.Object({
      kind: Type.Literal('listed'),
      file: Type.String(),
      count: Type.Integer({ minimum: 0, description: 'starts in the file' }),
      speed: Type.Number({ minimum: 0, description: 'how much faster than the file; 1 is as fast' }),
      shares: Type.Optional(
        Type.Array(count, {
          description: 'starts of each user type of the part; absent if the file does not say',
        }),
      ),
    }),
  ],
  {
    description:
      'even: evenly spaced. random: a Poisson process. listed: as in a file, whose times the rate describes',
  },
);

/** A workload in the result. */
export const workloadResult = Type.Union([
  Type.Object({
    kind: Type.Literal('users', { description: 'a number of users over time' }),
    profile: Type.Object({
      fromUsers: count,
      stages: Type.Array(Type.Object({ durationMs: stageMs, toUsers: count })),
    }),
  }),
  Type.Object({
    kind: Type.Union([Type.Literal('arrivals'), Type.Literal('iterations')], {
      description: 'arrivals: new users. iterations: on users that stay',
    }),
    rate: Type.Object({
      fromPerSecond: rate,
      stages: Type.Array(Type.Object({ durationMs: stageMs, toPerSecond: rate })),
    }),
    order,
    maxConcurrent: Type.Optional(count),
    maxUsers: Type.Optional(count),
  }),
  Type.Object({
    kind: Type.Literal('fixed', { description: 'a fixed number of iterations' }),
    total: Type.Integer({ minimum: 0, description: 'iterations of all users' }),
    users: count,
    each: Type.Boolean({ description: 'whether each user runs the same number of iterations' }),
    limitMs: durationMs('milliseconds; null for no limit'),
  }),
]);

const counts = {
  started: Type.Integer({ minimum: 0, description: 'arrivals or iterations that began' }),
  late: Type.Integer({ minimum: 0, description: 'those that began more than 10 ms after they were due' }),
  dropped: Type.Integer({ minimum: 0, description: 'refused by the limit of users' }),
  skipped: Type.Integer({ minimum: 0, description: 'due while the run was paused or had stopped' }),
};

/** What became of starts that were due. */
export const startCounts = Type.Object(counts, {
  description: 'starts that were due in this second; absent if there were none',
});

/** The starts of a user type in a phase. */
export const scheduleResult = Type.Object({
  user: Type.String({ description: 'user type' }),
  phase: Type.String({ description: 'empty if the load has no phases' }),
  ...counts,
});
