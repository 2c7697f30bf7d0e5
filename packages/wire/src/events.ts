import Type from '#typebox';
import { statusView } from './api.js';
import { timelinePoint } from './timeline-result.js';
import { reasonResult, thresholdUnit } from './verdict-result.js';
import type { RunEventView } from './views/events.js';
import type { TapEvent } from './views/tap.js';

const text = Type.String();
const count = Type.Integer({ minimum: 0 });
const interval = Type.Integer({ minimum: 1, description: '1 for the first second of the run' });
const reason = Type.Optional(text);

const eventId = Type.Optional(
  Type.String({ description: 'place of the event: INTERVAL.EVENT. Readers resume after it.' }),
);

function event<P extends Type.TProperties>(properties: P, options?: Type.TSchemaOptions) {
  return Type.Object({ ...properties, eventId }, options);
}

const state = event({ type: Type.Literal('state'), state: text, at: text, reason });

const worker = event({ type: Type.Literal('worker'), id: text, name: text, state: text, reason });

const lane = event({
  type: Type.Literal('lane'),
  worker: text,
  lane: count,
  kind: text,
  reason: text,
  stack: Type.Optional(text),
});

const note = event({ type: Type.Literal('note'), code: text, message: text });

const annotation = event({ type: Type.Literal('annotation'), at: text, text });

const threshold = event({
  type: Type.Literal('threshold'),
  expression: text,
  of: text,
  state: Type.Union([Type.Literal('broken'), Type.Literal('recovered')]),
  unit: thresholdUnit,
  observed: Type.Union([Type.Number(), Type.Null()]),
  limit: Type.Number(),
  at: text,
});

/** An event in a record of a tap: neither an interval nor the end. */
export const tapEvent = Type.Union([state, worker, lane, note, annotation, threshold]);

/** An event of `GET /v1/runs/{id}/events`. */
export const runEventView = Type.Union([
  state,
  event(
    { type: Type.Literal('interval'), number: interval, point: timelinePoint, status: statusView },
    { description: 'A second of the run that has closed. ' },
  ),
  event(
    { type: Type.Literal('correction'), number: interval, point: timelinePoint },
    { description: 'Replaces the point of a closed second.' },
  ),
  worker,
  lane,
  note,
  annotation,
  threshold,
  event({
    type: Type.Literal('end'),
    exitCode: count,
    exit: Type.String({ description: 'name of the exit code' }),
    verdict: text,
    reasons: Type.Array(reasonResult, { description: 'why the verdict is not passed' }),
  }),
]);

// The types allow `undefined` where the schema allows an absent field.
null as unknown as Type.Static<typeof runEventView> satisfies RunEventView;
null as unknown as Type.Static<typeof tapEvent> satisfies TapEvent;
