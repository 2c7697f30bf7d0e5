import Type from '#typebox';

const byName = (description: string) => Type.Record(Type.String(), Type.Number(), { description });

/** Values that the scenario shared by name, at the end of the run. */
export const sharedResult = Type.Object(
  {
    counters: byName('value of each counter'),
    queues: byName('number of values left in each queue'),
    maps: byName('number of values in each map'),
  },
  { description: 'what shared.counter, shared.queue and shared.map had at the end; absent without them' },
);
