import { EventEmitter } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { canReadKeys, openKeyboard } from './keyboard.js';

/** A terminal that records its mode. */
class FakeTerminal extends EventEmitter {
  isTTY = true as const;
  raw = false;
  flowing = false;
  setRawMode(raw: boolean): this {
    this.raw = raw;
    return this;
  }
  resume(): this {
    this.flowing = true;
    return this;
  }
  pause(): this {
    this.flowing = false;
    return this;
  }
  unref(): this {
    return this;
  }
}

describe('the keyboard', () => {
  test('reports keys one by one, and restores the terminal', () => {
    const terminal = new FakeTerminal();
    const keys: string[] = [];
    const before = process.listenerCount('exit');
    const keyboard = openKeyboard(terminal as never, (key) => keys.push(key));
    expect([terminal.raw, terminal.flowing]).toEqual([true, true]);
    terminal.emit('data', Buffer.from('q+'));
    keyboard.close();
    keyboard.close();
    terminal.emit('data', Buffer.from('p'));
    expect(keys).toEqual(['q', '+']);
    expect([terminal.raw, terminal.flowing, process.listenerCount('exit')]).toEqual([false, false, before]);
  });

  test.each([
    ['\u0003', 'SIGINT', true],
    ['\u001c', 'SIGQUIT', false],
    ['\u001a', 'SIGTSTP', false],
  ])('%j sends the usual signal: %s', (key, name, stillRaw) => {
    const terminal = new FakeTerminal();
    const signals: string[] = [];
    const keyboard = openKeyboard(
      terminal as never,
      () => {},
      (signal) => signals.push(signal),
    );
    terminal.emit('data', Buffer.from(key));
    expect([signals, terminal.raw]).toEqual([[name], stillRaw]);
    keyboard.close();
    process.removeAllListeners('SIGCONT');
  });

  test('is not read without a terminal', () => {
    expect(canReadKeys({}, { isTTY: true })).toBe(false);
    expect(canReadKeys({ isTTY: true }, {})).toBe(false);
    const { CI } = process.env;
    process.env['CI'] = 'true';
    expect(canReadKeys({ isTTY: true }, { isTTY: true })).toBe(false);
    if (CI === undefined) delete process.env['CI'];
    else process.env['CI'] = CI;
  });
});
