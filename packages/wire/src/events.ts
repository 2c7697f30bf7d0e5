import Type from '#typebox';
import { statusView } from './api.js';
import { timelinePoint } from './result.js';
import { reasonResult, thresholdUnit } from './verdict-result.js';
import type { RunEventView } from './views/events.js';

const text = Type.String();
const count = Type.Integer({ minimum: 0 });
const interval = Type.Integer({ minimum: 1, description: '1 for the first second of the run' });
const reason = Type.Optional(text);

/** An event of `GET /v1/runs/{id}/events`. */
export const runEventView = Type.Union([
  Type.Object({ type: Type.Literal('state'), state: text, at: text, reason }),
  Type.Object(
    { type: Type.Literal('interval'), number: interval, point: timelinePoint, status: statusView },
    { description: 'A second of the run that has closed. Readers resume after its number.' },
  ),
  Type.Object(
    { type: Type.Literal('correction'), number: interval, point: timelinePoint },
    { description: 'Replaces the point of a closed second.' },
  ),
  Type.Object({ type: Type.Literal('worker'), id: text, name: text, state: text, reason }),
  Type.Object({
    type: Type.Literal('lane'),
    worker: text,
    lane: count,
    kind: text,
    reason: text,
    stack: Type.Optional(text),
  }),
  Type.Object({ type: Type.Literal('note'), code: text, message: text }),
  Type.Object({ type: Type.Literal('annotation'), at: text, text }),
  Type.Object({
    type: Type.Literal('threshold'),
    expression: text,
    of: text,
    state: Type.Union([Type.Literal('broken'), Type.Literal('recovered')]),
    unit: thresholdUnit,
    observed: Type.Union([Type.Number(), Type.Null()]),
    limit: Type.Number(),
    at: text,
  }),
  Type.Object({
    type: Type.Literal('end'),
    exitCode: count,
    exit: Type.String({ description: 'name of the exit code' }),
    verdict: text,
    reasons: Type.Array(reasonResult, { description: 'why the verdict is not passed' }),
  }),
]);

// The types allow `undefined` where the schema allows an absent field.
null as unknown as Type.Static<typeof runEventView> satisfies RunEventView;
