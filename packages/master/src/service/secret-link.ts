import type { MasterLink, WorkerMessage } from '@drumline/wire';
import type { SecretRedactor } from './secret-redactor.js';

/**
 * Keeps the secrets of runs out of the master: workers receive those of their run with the order to
 * prepare, and everything that comes from workers is redacted.
 */
export class SecretLink implements MasterLink {
  private readonly byRun = new Map<string, SecretRedactor>();

  constructor(private readonly link: MasterLink) {}

  add(runId: string, redactor: SecretRedactor): void {
    this.byRun.set(runId, redactor);
  }

  remove(runId: string): void {
    this.byRun.delete(runId);
  }

  get address(): string {
    return this.link.address;
  }

  get badFrames(): number {
    return this.link.badFrames;
  }

  get unreadForMs(): number {
    return this.link.unreadForMs;
  }

  listen: MasterLink['listen'] = (onMessage, policy) => {
    this.link.listen((peer, message) => onMessage(peer, this.redacted(message)), policy);
  };

  send: MasterLink['send'] = (peer, message) => {
    const redactor = message.type === 'prepare' ? this.byRun.get(message.runId) : undefined;
    this.link.send(peer, message.type === 'prepare' && redactor ? redactor.withSecrets(message) : message);
  };

  close(): Promise<void> {
    return this.link.close();
  }

  /** A message that names no run may repeat the secrets of any. */
  private redacted(message: WorkerMessage): WorkerMessage {
    const own = 'runId' in message ? this.byRun.get(message.runId ?? '') : undefined;
    if (own) return own.message(message);
    let shown = message;
    for (const redactor of this.byRun.values()) shown = redactor.message(shown);
    return shown;
  }
}
