import pc from 'picocolors';
import type { LiveModel } from '../../view/model.js';
import type { ViewOptions } from '../../view/options.js';

/** Where a person follows a run. */
export interface Screen {
  /** One line that stays, above whatever moves. */
  say(line: string): void;
  /** The same for what must be seen even if all else is quiet. */
  warn(line: string): void;
  /** @param look is asked only if what it says will be shown: with many workers it is much work */
  show(look: () => LiveModel): void;
  /** Takes away what moves; `say` still works. */
  end(): void;
}

const PLAIN_EVERY_MS = 5_000;
const WIDTH_ELSEWHERE = 120;

/** A live view on a terminal, a line every five seconds elsewhere, nothing if it shall be quiet. */
export function openScreen({ out, quiet }: { out: NodeJS.WriteStream; quiet: boolean }): Screen {
  if (quiet) return QUIET;
  return out.isTTY ? new LiveScreen(out) : new PlainScreen(out);
}

const QUIET: Screen = {
  say: () => {},
  warn: (line) => void process.stderr.write(`${line}\n`),
  show: () => {},
  end: () => {},
};

/** Colours where they are understood, and the width there is. */
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

  end(): void {}
}

class LiveScreen implements Screen {
  #draw: ((snapshot: LiveModel) => void) | undefined;
  #clear = (): void => {};
  #last: LiveModel | undefined;
  #ended = false;

  constructor(private readonly out: NodeJS.WriteStream) {
    void this.#load();
  }

  say(line: string): void {
    this.#clear();
    this.out.write(`${line}\n`);
    this.#redraw();
  }

  warn(line: string): void {
    this.say(line);
  }

  show(look: () => LiveModel): void {
    this.#last = look();
    this.#redraw();
  }

  end(): void {
    this.#ended = true;
    this.#clear();
  }

  /** Meanwhile the run goes on; what was said until then is there. */
  async #load(): Promise<void> {
    const [{ createLogUpdate }, { renderLive }] = await Promise.all([
      import('log-update'),
      import('../../view/live.js'),
    ]);
    const update = createLogUpdate(this.out, { showCursor: true });
    this.#clear = () => update.clear();
    this.#draw = (snapshot) => update(renderLive(snapshot, viewOptions(this.out)).join('\n'));
    this.#redraw();
  }

  #redraw(): void {
    if (!this.#ended && this.#last) this.#draw?.(this.#last);
  }
}
