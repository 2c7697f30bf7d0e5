// Streams of the gRPC control API: the log and the events of a run.
import { status } from '@grpc/grpc-js';
import { describe, expect, test } from '@jest/globals';
import type { RunEventView } from '@drumline/wire';
import { failed, serve } from '../support/both-apis.js';
import { FakeRun } from '../support/control-api.js';
import { failureOf, type Message } from '../support/grpc-control.js';

test('the log of a run is followed over gRPC until the run ends', async () => {
  await using served = await serve();
  const texts: unknown[] = [];
  served.run.log.add('printed', 'before');
  for await (const { text } of served.client.follow({ after: 0 }, {}, 'FollowLogs')) {
    texts.push(text);
    if (text === 'before') served.run.log.add('printed', 'meanwhile');
    else served.run.emit({ type: 'end', exitCode: 0, exit: '', verdict: '', reasons: [] });
  }
  expect(texts).toEqual(['before', 'meanwhile', expect.stringContaining('The run has ended')]);
  expect(served.run.listeners.size).toBe(0);
});

describe('the events of a run over gRPC', () => {
  const END: RunEventView = { type: 'end', exitCode: 0, exit: 'passed', verdict: 'passed', reasons: [] };
  const short = (event: Message): unknown =>
    event['event'] === 'interval' ? (event['interval'] as Message)['number'] : event['event'];

  test('begin with the state, resume after a number, and end with the run', async () => {
    await using served = await serve();
    const read = async (after?: number): Promise<unknown[]> => {
      const events: unknown[] = [];
      for await (const event of served.client.follow(after === undefined ? {} : { after })) {
        events.push(short(event));
        const last = after === undefined ? 'state' : after === 2 ? 'correction' : 2;
        if (events.at(-1) === last) served.run.emit(END);
      }
      return events;
    };
    expect(await read()).toEqual(['state', 'end']);
    expect(await read(0)).toEqual(['state', 1, 2, 'end']);
    expect(await read(1)).toEqual(['state', 2, 'end']);
    expect(await read(2)).toEqual(['state', 'correction', 'end']);
    // By the id of an event, events of other kinds are repeated, too.
    served.run.emit({ type: 'note', code: 'paused', message: 'one' });
    const afterEvent = served.run.lastEventId();
    served.run.emit({ type: 'note', code: 'paused', message: 'two' });
    const notes: unknown[] = [];
    for await (const event of served.client.follow({ afterEvent }))
      if (event['event'] === 'end') break;
      else if (event['event'] === 'note') {
        notes.push((event['note'] as Message)['message']);
        served.run.emit(END);
      }
    expect(notes).toEqual(['two']);
    expect(await failed(served.client, 'FollowEvents', { afterEvent: 'x' })).toMatchObject({
      code: 'argument-invalid',
    });
    expect(served.run.listeners.size).toBe(0);
  });

  test('stop at the deadline, when the client cancels, and are unsubscribed', async () => {
    await using served = await serve();
    const failures: string[] = [];
    for (const deadlineMs of [200, undefined]) {
      const stream = served.client.follow({}, deadlineMs === undefined ? {} : { deadlineMs });
      try {
        for await (const event of stream)
          if (short(event) === 'state' && deadlineMs === undefined) stream.cancel();
      } catch (error) {
        failures.push(status[failureOf(error).status]!);
      }
    }
    expect(failures).toEqual(['DEADLINE_EXCEEDED', 'CANCELLED']);
    while (served.run.listeners.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  test('of a run that has ended are repeated, with an end that is made from the result', async () => {
    const run = new FakeRun();
    const view = run.view();
    run.view = () => ({ ...view, state: 'finished' });
    await using served = await serve(run);
    const events: unknown[] = [];
    for await (const event of served.client.follow({ after: 1 })) events.push(short(event));
    expect(events).toEqual(['state', 2, 'end']);
    expect(run.listeners.size).toBe(0);
  });
});
