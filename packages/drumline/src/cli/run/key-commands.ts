import { messageOf } from '@drumline/model';
import { SORT_ORDERS, type LiveChoices, type LiveModel } from '../../view/model.js';

/** Orders for a run in progress. Each returns the reply, a sentence. */
export interface RunOrders {
  stop(): string | Promise<string>;
  pause(): string | Promise<string>;
  resume(): string | Promise<string>;
  setUsers(users: number): string | Promise<string>;
}

/** The parts of a screen that key commands use. */
export interface ControlledScreen {
  readonly last: LiveModel | undefined;
  choices: LiveChoices;
  print(line: string): void;
  redraw(): void;
}

/**
 * Within this time, a further `+` or `-` counts from the last number that was ordered. The run may
 * not show that number yet.
 */
const ADD_UP_MS = 2_000;
const STEP = 0.1;

/** Executes the commands of keys. */
export class KeyCommands {
  private wanted: { users: number; atMs: number } | undefined;

  constructor(
    private readonly screen: ControlledScreen,
    private readonly orders: RunOrders,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  press(key: string): void {
    const { screen, orders } = this;
    switch (key.toLowerCase()) {
      case '?':
      case 'h':
        return this.choose({ help: !screen.choices.help });
      case 's': {
        const next = (SORT_ORDERS.indexOf(screen.choices.sort) + 1) % SORT_ORDERS.length;
        return this.choose({ sort: SORT_ORDERS[next]! });
      }
      case 'q':
        return void this.send(() => orders.stop());
      case 'p':
        return void this.send(() => (screen.last?.status.paused ? orders.resume() : orders.pause()));
      case '+':
      case '=':
        return this.changeUsers(1);
      case '-':
      case '_':
        return this.changeUsers(-1);
    }
  }

  private choose(choices: Partial<LiveChoices>): void {
    this.screen.choices = { ...this.screen.choices, ...choices };
    this.screen.redraw();
  }

  private changeUsers(direction: 1 | -1): void {
    const { last } = this.screen;
    if (!last) return;
    const isRecent = this.wanted !== undefined && this.nowMs() - this.wanted.atMs < ADD_UP_MS;
    const from = isRecent ? this.wanted!.users : last.status.plannedUsers;
    const users = Math.max(0, from + direction * Math.max(1, Math.round(from * STEP)));
    this.wanted = { users, atMs: this.nowMs() };
    void this.send(() => this.orders.setUsers(users));
  }

  private async send(order: () => string | Promise<string>): Promise<void> {
    try {
      this.screen.print(await order());
    } catch (error) {
      this.screen.print(messageOf(error));
    }
  }
}
