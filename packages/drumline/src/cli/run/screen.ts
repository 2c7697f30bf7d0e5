import pc from 'picocolors';
import { DEFAULT_CHOICES, type LiveChoices, type LiveModel } from '../../view/model.js';
import type { ViewOptions } from '../../view/options.js';
import { canReadKeys, openKeyboard, type Keyboard } from './keyboard.js';
import { Steering, type RunOrders, type SteeredScreen } from './steering.js';

/** Where a person follows a run. */
export interface Screen {
  /** One line that stays, above whatever moves. */
  say(line: string): void;
  /** The same for what must be seen even if all else is quiet. */
  warn(line: string): void;
  /** @param look is called only if the screen shows its result: with many workers it is slow */
  show(look: () => LiveModel): void;
  /** Obeys keys from now on, where a person sits at a terminal. */
  steer(orders: RunOrders): void;
  /** Removes the live view; `say` still works. */
  end(): void;
}

const PLAIN_EVERY_MS = 5_000;
const WIDTH_ELSEWHERE = 120;
/** Erases the visible screen, not the scrollback. */
const CLEAR_SCREEN = '\u001b[2J\u001b[H';

/** A live view on a terminal, a line every five seconds elsewhere, nothing if it shall be quiet. */
export function openScreen({ out, quiet }: { out: NodeJS.WriteStream; quiet: boolean }): Screen {
  if (quiet) return QUIET;
  return out.isTTY ? new LiveScreen(out) : new PlainScreen(out);
}

const QUIET: Screen = {
  say: () => {},
  warn: (line) => void process.stderr.write(`${line}\n`),
  show: () => {},
  steer: () => {},
  end: () => {},
};

/** Colors where they are understood, and the width there is. */
export function viewOptions(out: NodeJS.WriteStream): ViewOptions {
  return { color: pc.isColorSupported && out.isTTY, width: out.columns || WIDTH_ELSEWHERE, rows: out.rows };
}

class PlainScreen implements Screen {
  readonly #view = import('../../view/plain.js');
  #shownAtMs = -Infinity;

  constructor(private readonly out: NodeJS.WriteStream) {}

  say(line: string): void {
    this.out.write(`${line}\n`);
  }

  warn(line: string): void {
    this.say(line);
  }

  show(look: () => LiveModel): void {
    const now = performance.now();
    if (now - this.#shownAtMs < PLAIN_EVERY_MS) return;
    const snapshot = look();
    // Nothing can have happened yet.
    if (snapshot.status.state === 'running' && snapshot.status.elapsedMs < 1_000) return;
    this.#shownAtMs = now;
    void this.#view.then(({ renderPlain }) => this.say(renderPlain(snapshot)));
  }

  steer(): void {}

  end(): void {}
}

class LiveScreen implements Screen, SteeredScreen {
  choices: LiveChoices = DEFAULT_CHOICES;
  last: LiveModel | undefined;
  #draw: ((snapshot: LiveModel) => void) | undefined;
  #clear = (): void => {};
  #keyboard: Keyboard | undefined;
  #ended = false;
  readonly #onResize = (): void => this.#startOver();

  constructor(private readonly out: NodeJS.WriteStream) {
    void this.#load();
    out.on('resize', this.#onResize);
  }

  say(line: string): void {
    this.#clear();
    this.out.write(`${line}\n`);
    this.redraw();
  }

  warn(line: string): void {
    this.say(line);
  }

  show(look: () => LiveModel): void {
    this.last = look();
    this.redraw();
  }

  steer(orders: RunOrders): void {
    if (this.#keyboard || this.#ended || !canReadKeys(process.stdin, this.out)) return;
    const steering = new Steering(this, orders);
    this.choices = { ...this.choices, keys: true };
    this.#keyboard = openKeyboard(process.stdin, (key) => {
      if (!this.#ended) steering.press(key);
    });
  }

  end(): void {
    this.#ended = true;
    this.#keyboard?.close();
    this.#keyboard = undefined;
    this.out.off('resize', this.#onResize);
    this.#clear();
  }

  redraw(): void {
    if (!this.#ended && this.last) this.#draw?.(this.last);
  }

  /** Meanwhile the run goes on; what was said until then is there. */
  async #load(): Promise<void> {
    const [{ createLogUpdate }, { renderLive }] = await Promise.all([
      import('log-update'),
      import('../../view/live.js'),
    ]);
    const update = createLogUpdate(this.out, { showCursor: true });
    this.#clear = () => update.clear();
    this.#draw = (snapshot) => update(renderLive(snapshot, viewOptions(this.out), this.choices).join('\n'));
    this.redraw();
  }

  /**
   * The terminal has wrapped what was drawn for another width, so its number of lines is unknown.
   */
  #startOver(): void {
    if (this.#ended || !this.last) return;
    this.#clear();
    this.out.write(CLEAR_SCREEN);
    this.redraw();
  }
}
