import Type from '#typebox';
import type { OutputView } from './views/output.js';
import type { Same } from './views/same.js';

/** An output of a run. */
export const outputView = Type.Object({
  name: Type.String({ description: '`ndjson`, `prometheus`, …' }),
  to: Type.String({ description: 'URL or path, without credentials; empty if it has none' }),
  state: Type.Union(
    [Type.Literal('opening'), Type.Literal('running'), Type.Literal('failing'), Type.Literal('closed')],
    { description: '`failing`: the last attempt failed, and it is repeated' },
  ),
  sentBatches: Type.Integer({ minimum: 0 }),
  droppedSeconds: Type.Integer({ minimum: 0, description: 'seconds of which it lost data' }),
  lastError: Type.Optional(Type.String({ description: 'why it failed most recently' })),
});

true satisfies Same<Type.Static<typeof outputView>, OutputView>;
