import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';

const TABLE = 'inet drumline';

/**
 * A network namespace that is linked to this one by a veth pair, over which the kernel sends real
 * packets.
 */
export class Namespace implements AsyncDisposable {
  private constructor(
    private readonly name: string,
    /** This machine’s address on the link. */
    readonly hostAddress: string,
  ) {}

  /** @throws Error without the necessary permissions */
  static create(): Namespace {
    const id = randomInt(1e9).toString(36);
    const subnet = `10.${randomInt(1, 255)}.${randomInt(1, 255)}`;
    const namespace = new Namespace(`drumline-${id}`, `${subnet}.1`);
    const [near, far] = [`dl${id}a`, `dl${id}b`];
    run('ip', 'netns', 'add', namespace.name);
    try {
      run('ip', 'link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', namespace.name);
      run('ip', 'address', 'add', `${subnet}.1/30`, 'dev', near);
      run('ip', 'link', 'set', near, 'up');
      namespace.run('ip', 'address', 'add', `${subnet}.2/30`, 'dev', far);
      namespace.run('ip', 'link', 'set', far, 'up');
      namespace.run('ip', 'link', 'set', 'lo', 'up');
      namespace.run('nft', `add table ${TABLE}`);
      for (const hook of ['input', 'output']) {
        namespace.run('nft', `add chain ${TABLE} ${hook} { type filter hook ${hook} priority 0; }`);
      }
      return namespace;
    } catch (error) {
      namespace.remove();
      throw error;
    }
  }

  /** Starts a command in the namespace. */
  get launcher(): readonly string[] {
    return ['ip', 'netns', 'exec', this.name];
  }

  /** Drops every packet to and from this port of the other side. */
  cut(port: number): void {
    this.run('nft', `add rule ${TABLE} output tcp dport ${port} drop`);
    this.run('nft', `add rule ${TABLE} input tcp sport ${port} drop`);
  }

  /** Drops a percentage of all packets in both directions. */
  lose(percent: number): void {
    for (const chain of ['input', 'output']) {
      this.run('nft', `add rule ${TABLE} ${chain} numgen random mod 100 < ${percent} drop`);
    }
  }

  mend(): void {
    this.run('nft', `flush table ${TABLE}`);
  }

  remove(): void {
    run('ip', 'netns', 'delete', this.name);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.remove();
    return Promise.resolve();
  }

  private run(...command: string[]): void {
    run('ip', 'netns', 'exec', this.name, ...command);
  }
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: 'pipe' });
}

/** Whether this machine permits network namespaces: root, `ip` and `nft`. */
export const canMakeNetworks = ((): boolean => {
  try {
    Namespace.create().remove();
    return true;
  } catch {
    return false;
  }
})();
