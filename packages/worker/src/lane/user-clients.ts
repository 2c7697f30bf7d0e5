import type { CallGate, HttpClient, HttpDriver, StartDelay, WsClient, WsDriver } from '@drumline/drivers';
import type { GrpcClient, GrpcDriver } from '@drumline/drivers/grpc';
import type { Numbering } from './closed-numbers.js';
import type { OpenRows } from './user-rows.js';

/** Opens the clients of users. */
export interface Drivers {
  readonly http: HttpDriver;
  readonly ws: WsDriver;
  /** Undefined if the scenario has no gRPC service. */
  readonly grpc: GrpcDriver | undefined;
}

/** The user that owns the clients. */
export interface Owner {
  readonly index: number;
  readonly type: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Opens its test data. Absent if its type has none. */
  readonly openRows?: OpenRows | undefined;
  /** Absent in `setup` and `teardown`. */
  readonly numbering?: Numbering | undefined;
}

/** The clients of one user. Each is opened on first use. */
export class UserClients {
  /** Called by each client before a call. Usually undefined, which costs nothing. */
  private gate: CallGate | undefined;
  private isCut = false;
  private isClosed = false;
  private openHttp: HttpClient | undefined;
  private openWs: WsClient | undefined;
  private openGrpc: GrpcClient | undefined;

  constructor(
    private readonly owner: Owner,
    private readonly drivers: Drivers,
    private readonly delay: StartDelay,
  ) {}

  get http(): HttpClient {
    if (!this.openHttp) {
      const { type, tags } = this.owner;
      this.openHttp = this.drivers.http.openClient({ user: type, tags, delay: this.delay });
      if (this.isCut) this.openHttp.interrupt();
      else if (this.gate) this.openHttp.setGate(this.gate);
    }
    return this.openHttp;
  }

  get ws(): WsClient {
    if (!this.openWs) {
      const { type, tags } = this.owner;
      this.openWs = this.drivers.ws.openClient({ user: type, tags, delay: this.delay }, this.http);
      if (this.isCut) this.openWs.interrupt();
      else if (this.gate) this.openWs.setGate(this.gate);
    }
    return this.openWs;
  }

  /**
   * The client of the services that the scenario declares. Called for every call.
   * @throws the error from the gate
   */
  get grpc(): GrpcClient {
    const refusal = this.gate?.();
    if (refusal !== undefined) throw refusal;
    if (!this.openGrpc) {
      const { type, tags } = this.owner;
      this.openGrpc = this.drivers.grpc!.openClient({ user: type, tags, delay: this.delay });
      if (this.isCut) this.openGrpc.interrupt();
    }
    return this.openGrpc;
  }

  /** Whether the promise of a call is pending. */
  get hasPending(): boolean {
    if (this.openHttp?.hasPending === true || this.openWs?.hasPending === true) return true;
    return this.openGrpc?.hasPending === true;
  }

  setGate(gate: CallGate | undefined): void {
    this.gate = gate;
    if (this.isCut || this.isClosed) return;
    this.openHttp?.setGate(gate);
    this.openWs?.setGate(gate);
  }

  /** Cuts off what is in flight. Later calls throw. */
  cut(): void {
    this.isCut = true;
    this.openHttp?.interrupt();
    this.openWs?.interrupt();
    this.openGrpc?.interrupt();
  }

  /** Allows calls again after `cut`. */
  revive(): void {
    this.isCut = false;
    this.setGate(this.gate);
    void this.openGrpc?.close();
    this.openGrpc = undefined;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([this.openHttp?.close(), this.openWs?.close(), this.openGrpc?.close()]);
  }
}
