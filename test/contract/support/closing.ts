import { afterEach } from '@jest/globals';

/** Closes what a test opened, in reverse order, after the test. */
export function closeAfterEach(): <T extends { close(): unknown }>(resource: T | Promise<T>) => Promise<T> {
  const opened: { close(): unknown }[] = [];
  afterEach(async () => {
    while (opened.length > 0) await opened.pop()!.close();
  });
  return async (resource) => {
    const ready = await resource;
    opened.push(ready);
    return ready;
  };
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Resolves as soon as the condition holds; fails after 10 s. */
export async function until(condition: () => boolean, what = 'the condition'): Promise<void> {
  for (let i = 0; i < 2_000; i++) {
    if (condition()) return;
    await wait(5);
  }
  throw new Error(`${what} did not come true within 10 s`);
}
