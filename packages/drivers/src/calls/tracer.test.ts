import { expect, test } from '@jest/globals';
import { Tracer } from './tracer.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

test('a call that is chosen gets a trace, and its requests a header of it', () => {
  const tracer = Tracer.of({ sample: 1 })!;
  const trace = tracer.traceOf(['accept', '*/*'])!;
  expect(trace).toEqual({ traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
  expect(tracer.traced(['accept', '*/*'], trace)).toEqual([
    'accept',
    '*/*',
    'traceparent',
    `00-${trace.traceId}-${trace.traceId.slice(16)}-01`,
  ]);
});

test('a header of the scenario names the trace, whatever the share is', () => {
  const tracer = Tracer.of({ sample: 1e-9 })!;
  const headers = ['TraceParent', `00-${TRACE}-${SPAN}-00`];
  const trace = tracer.traceOf(headers)!;
  expect(trace).toEqual({ traceId: TRACE, spanId: SPAN });
  expect(tracer.traced(headers, trace)).toBe(headers);
  // A redirect may have dropped it.
  expect(tracer.traced([], trace)).toEqual(['traceparent', `00-${TRACE}-${SPAN}-01`]);
});

test.each([
  'none',
  `ff-${TRACE}-${SPAN}-01`,
  `00-${'0'.repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
])('an invalid header (%s) is sent as it is, and names no trace', (header) => {
  expect(Tracer.of({ sample: 1 })!.traceOf(['traceparent', header])).toBeUndefined();
});
