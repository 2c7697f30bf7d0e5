import { messageOf } from '@drumline/model';
import { SORT_ORDERS, type LiveChoices, type LiveModel } from '../../view/model.js';

/** Orders that a user can give to a run while following it. Each returns one sentence. */
export interface RunOrders {
  stop(): string | Promise<string>;
  pause(): string | Promise<string>;
  resume(): string | Promise<string>;
  setUsers(users: number): string | Promise<string>;
}

/** What keys need of the screen that they belong to. */
export interface SteeredScreen {
  readonly last: LiveModel | undefined;
  choices: LiveChoices;
  say(line: string): void;
  redraw(): void;
}

/**
 * Within this time presses of `+` and `-` add up, although the run has not shown the first one yet.
 */
const ADD_UP_MS = 2_000;
const STEP = 0.1;

/** Does what a key stands for. */
export class Steering {
  private wanted: { users: number; atMs: number } | undefined;

  constructor(
    private readonly screen: SteeredScreen,
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
        return void this.tell(() => orders.stop());
      case 'p':
        return void this.tell(() => (screen.last?.status.paused ? orders.resume() : orders.pause()));
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
    void this.tell(() => this.orders.setUsers(users));
  }

  private async tell(order: () => string | Promise<string>): Promise<void> {
    try {
      this.screen.say(await order());
    } catch (error) {
      this.screen.say(messageOf(error));
    }
  }
}
