import pc from 'picocolors';
import { DEFAULT_CHOICES, type LiveChoices, type LiveModel } from '../../view/model.js';
import type { ViewOptions } from '../../view/options.js';
import { canReadKeys, openKeyboard, type Keyboard } from './keyboard.js';
import { KeyCommands, type RunOrders, type ControlledScreen } from './key-commands.js';

/** Shows a run in the terminal, or in a log. */
export interface Screen {
  /** Prints a permanent line, above the live view. */
  print(line: string): void;
  /** Prints a line even with `--quiet`. */
  warn(line: string): void;
  /** @param takeSnapshot called only if its result is shown: it is slow with many workers */
  show(takeSnapshot: () => LiveModel): void;
  /** Starts reading keys, if the terminal is interactive. */
  acceptKeys(orders: RunOrders): void;
  /** Removes the live view and stops reading keys. `print` still works. */
  end(): void;
}

const PLAIN_EVERY_MS = 5_000;
const WIDTH_ELSEWHERE = 120;
/** Erases the visible screen, not the scrollback. */
const CLEAR_SCREEN = '\u001b[2J\u001b[H';

/** Opens a live view on a terminal, otherwise one that prints a line every five seconds. */
export function openScreen({ out, quiet }: { out: NodeJS.WriteStream; quiet: boolean }): Screen {
  if (quiet) return QUIET;
  return out.isTTY ? new LiveScreen(out) : new PlainScreen(out);
}

const QUIET: Screen = {
  print: () => {},
  warn: (line) => void process.stderr.write(`${line}\n`),
  show: () => {},
  acceptKeys: () => {},
  end: () => {},
};

/** The colors and the size of an output. */
export function viewOptions(out: NodeJS.WriteStream): ViewOptions {
  return { color: pc.isColorSupported && out.isTTY, width: out.columns || WIDTH_ELSEWHERE, rows: out.rows };
}

class PlainScreen implements Screen {
  readonly #view = import('../../view/plain.js');
  #shownAtMs = -Infinity;

  constructor(private readonly out: NodeJS.WriteStream) {}

  print(line: string): void {
    this.out.write(`${line}\n`);
  }

  warn(line: string): void {
    this.print(line);
  }

  show(takeSnapshot: () => LiveModel): void {
    const now = performance.now();
    if (now - this.#shownAtMs < PLAIN_EVERY_MS) return;
    const snapshot = takeSnapshot();
    // The first second has no counts yet.
    if (snapshot.status.state === 'running' && snapshot.status.elapsedMs < 1_000) return;
    this.#shownAtMs = now;
    void this.#view.then(({ renderPlain }) => this.print(renderPlain(snapshot)));
  }

  acceptKeys(): void {}

  end(): void {}
}

class LiveScreen implements Screen, ControlledScreen {
  choices: LiveChoices = DEFAULT_CHOICES;
  last: LiveModel | undefined;
  #draw: ((snapshot: LiveModel) => void) | undefined;
  #clear = (): void => {};
  #keyboard: Keyboard | undefined;
  #ended = false;
  readonly #onResize = (): void => this.#clearAndRedraw();

  constructor(private readonly out: NodeJS.WriteStream) {
    void this.#load();
    out.on('resize', this.#onResize);
  }

  print(line: string): void {
    this.#clear();
    this.out.write(`${line}\n`);
    this.redraw();
  }

  warn(line: string): void {
    this.print(line);
  }

  show(takeSnapshot: () => LiveModel): void {
    this.last = takeSnapshot();
    this.redraw();
  }

  acceptKeys(orders: RunOrders): void {
    if (this.#keyboard || this.#ended || !canReadKeys(process.stdin, this.out)) return;
    const keyCommands = new KeyCommands(this, orders);
    this.choices = { ...this.choices, keys: true };
    this.#keyboard = openKeyboard(process.stdin, (key) => {
      if (!this.#ended) keyCommands.press(key);
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

  /** Loads the live view while the run starts. Until then, only permanent lines are printed. */
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
   * Clears the screen and draws again. After a resize, the terminal has wrapped the old lines, so
   * their number is unknown.
   */
  #clearAndRedraw(): void {
    if (this.#ended || !this.last) return;
    this.#clear();
    this.out.write(CLEAR_SCREEN);
    this.redraw();
  }
}
