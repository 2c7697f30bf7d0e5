import Type from '#typebox';

const someRequests = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }));

export const lossResult = Type.Object({
  worker: Type.String(),
  lane: Type.Optional(
    Type.Integer({ minimum: 0, description: 'number of the lane; absent if the whole worker was lost' }),
  ),
  host: Type.String(),
  at: Type.String({ description: 'ISO 8601, UTC' }),
  reason: Type.String(),
  returned: Type.Boolean({ description: 'whether it returned and delivered everything that it had counted' }),
  uncountedFrom: Type.Optional(
    Type.String({
      description:
        'ISO 8601, UTC. Requests that ended after this may not be counted; absent if all are counted',
    }),
  ),
  uncountedAtMost: someRequests(
    'upper bound of uncounted requests: until the latest time at which it stopped; absent if all are counted',
  ),
  uncountedLikely: someRequests(
    'uncounted requests if it stopped right after its last message, like a killed process; absent if all are counted',
  ),
  uncountedBy: Type.Optional(
    Type.Union([Type.Literal('own-rate'), Type.Literal('rate-of-others'), Type.Literal('capacity')], {
      description:
        'basis of the estimate: its own rate, the rate of other users in this run, or the most that lanes can send',
    }),
  ),
  startsAtMost: someRequests(
    'upper bound of the arrivals or iterations that did not happen, happened twice, or are not counted; absent if there are none',
  ),
});
