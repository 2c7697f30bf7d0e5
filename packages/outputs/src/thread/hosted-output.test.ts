import { expect, test } from '@jest/globals';
import { OutputError, type Output } from '../output.js';
import { intervalsOf } from '../testing.js';
import { HostedOutput, MAX_WAITING_BATCHES } from './hosted-output.js';
import type { OutputProgress } from './messages.js';

const { run, events } = intervalsOf(1, { seconds: 100, series: 1 });

const placedEvents = events.map((event, index) => ({ event, position: index + 1 }));

/** A service that takes the numbers of seconds, and does what a test asks. */
class Service implements Output<number> {
  readonly received: number[] = [];
  opened = 0;
  closed = 0;
  open = async (): Promise<void> => void (this.opened += 1);
  onSend = async (_second: number, _signal: AbortSignal): Promise<void> => {};

  interval({ second }: { second: number }): number {
    return second;
  }

  correction(): undefined {}

  async send(second: number, signal: AbortSignal): Promise<void> {
    await this.onSend(second, signal);
    this.received.push(second);
  }

  async close(): Promise<void> {
    this.closed += 1;
    await Promise.resolve();
  }
}

async function host(service: Output, limitMs = 10_000): Promise<OutputProgress> {
  const hosted = new HostedOutput(service, () => {});
  hosted.begin(run);
  for (const placed of placedEvents) hosted.take(placed);
  await hosted.end({}, limitMs);
  return hosted.progress;
}

test('a service that is down loses the oldest batches, which are counted', async () => {
  const service = new Service();
  let open: () => void = () => {};
  service.open = () => new Promise((resolve) => void (open = resolve));
  const hosted = new HostedOutput(service, () => {});
  hosted.begin(run);
  for (const placed of placedEvents) hosted.take(placed);
  expect(hosted.progress).toEqual({
    state: 'opening',
    sentBatches: 0,
    sent: 0,
    droppedSeconds: 100 - MAX_WAITING_BATCHES,
  });
  open();
  await hosted.end({}, 10_000);
  expect(service.received).toEqual(Array.from({ length: 60 }, (_, index) => index + 40));
  expect(hosted.progress).toMatchObject({ state: 'closed', sentBatches: 60, droppedSeconds: 40 });
});

test('a batch is sent again until it succeeds, in order', async () => {
  const service = new Service();
  let failures = 2;
  service.onSend = async (second) => {
    if (second === 40 && failures-- > 0) throw new Error('refused');
    await Promise.resolve();
  };
  const progress = await host(service);
  expect(service.received).toEqual(Array.from({ length: 60 }, (_, index) => index + 40));
  expect(progress).toMatchObject({ droppedSeconds: 40, lastError: 'refused' });
});

test('a final error drops its batch only', async () => {
  const service = new Service();
  service.onSend = async (second) => {
    await Promise.resolve();
    if (second === 50) throw new OutputError('invalid');
  };
  const progress = await host(service);
  expect(service.received).toHaveLength(59);
  expect(progress).toMatchObject({ sentBatches: 59, droppedSeconds: 41, lastError: 'invalid' });
});

test('a service that never answers does not hold up the end', async () => {
  const service = new Service();
  let aborted = false;
  service.onSend = (_second, signal) => {
    signal.addEventListener('abort', () => (aborted = true));
    return new Promise(() => {});
  };
  const progress = await host(service, 50);
  expect(progress).toMatchObject({ state: 'closed', sentBatches: 0, droppedSeconds: 100 });
  expect(progress.lastError).toMatch(/no answer/);
  expect([aborted, service.closed]).toEqual([true, 1]);
});

test('a service that cannot be opened loses everything, and is closed', async () => {
  const service = new Service();
  service.open = () => Promise.reject(new OutputError('bad password'));
  const progress = await host(service, 50);
  expect(progress).toMatchObject({ state: 'closed', droppedSeconds: 100, lastError: 'bad password' });
  expect(service.closed).toBe(1);
});

test('an output that throws loses the second, and goes on', async () => {
  const service = new Service();
  service.interval = ({ second }) => {
    if (second % 2 === 0) throw new Error('a defect');
    return second;
  };
  const progress = await host(service);
  expect(service.received).toHaveLength(50);
  expect(progress).toMatchObject({ droppedSeconds: 50, lastError: 'a defect' });
});

/** A run that another master left after its first 20 seconds. */
const counted = { second: 0, series: [], checks: [], metrics: [], exceptions: [] };
const left = placedEvents.filter(({ event }) => event.type === 'closed' && event.second < 20);
const position = left.at(-1)!.position;
const resumedRun = {
  ...run,
  fromSecond: 20,
  resumed: { counted, sinceSecond: 0, position, events: left },
};

test('a resumed run sends what the service lacks, before the seconds that follow', async () => {
  const service = new Service();
  let answer: (position: number) => void = () => {};
  const hosted = new HostedOutput(
    Object.assign(service, { written: () => new Promise<number>((resolve) => void (answer = resolve)) }),
    () => {},
  );
  hosted.begin(resumedRun, left[3]!.position);
  const later = placedEvents.filter((one) => one.position > position).slice(0, 10);
  for (const placed of later) hosted.take(placed);
  await eventuallyOpened(service);
  // The master that died did not know that this second was written.
  answer(left[14]!.position);
  await hosted.end({}, 10_000);
  const next = later.flatMap(({ event }) => (event.type === 'closed' ? [event.second] : []));
  expect(service.received).toEqual([15, 16, 17, 18, 19, ...next]);
  expect(hosted.progress).toMatchObject({ droppedSeconds: 0, sent: later.at(-1)!.position });
});

test('a resumed run goes on where the other master knew it was, if the service does not know', async () => {
  const service = new Service();
  const hosted = new HostedOutput(service, () => {});
  hosted.begin(resumedRun, left[16]!.position);
  await hosted.end({}, 10_000);
  expect(service.received).toEqual([17, 18, 19]);
});

async function eventuallyOpened(service: Service): Promise<void> {
  while (service.opened === 0) await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
}
