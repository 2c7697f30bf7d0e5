import Type from '#typebox';

const count = (description: string) => Type.Integer({ minimum: 0, description });

/** Test data whose rows are used once or borrowed. */
export const rowsResult = Type.Object({
  table: Type.String({ description: 'path or description of the test data' }),
  use: Type.Union([Type.Literal('once'), Type.Literal('borrow')]),
  rows: count('rows of the table'),
  issued: count('rows that lanes had and did not give back unused; those still borrowed if `use` is borrow'),
  used: count('rows that users took for sure; how often rows were borrowed if `use` is borrow'),
  lost: Type.Array(
    Type.Object({
      worker: Type.String(),
      lane: Type.Integer({ minimum: 0 }),
      rows: Type.Integer({ minimum: 1 }),
    }),
    {
      description:
        'rows of lanes that ended without a report on them: each was used by one user, or by none. They were not issued again',
    },
  ),
});
