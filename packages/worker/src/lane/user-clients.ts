import type { CallGate, HttpClient, HttpDriver, WsClient, WsDriver } from '@drumline/drivers';
import type { GrpcClient, GrpcDriver } from '@drumline/drivers/grpc';

/** What gives a user its clients. */
export interface Drivers {
  readonly http: HttpDriver;
  readonly ws: WsDriver;
  /** Undefined if the scenario has no gRPC service. */
  readonly grpc: GrpcDriver | undefined;
}

/** Whose clients they are. */
export interface Owner {
  readonly index: number;
  readonly type: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The clients of one user. Each is opened when it is first asked for. */
export class UserClients {
  /** What each client asks before a call; undefined as a rule, so that it need not. */
  private gate: CallGate | undefined;
  private isCut = false;
  private isClosed = false;
  private openHttp: HttpClient | undefined;
  private openWs: WsClient | undefined;
  private openGrpc: GrpcClient | undefined;

  constructor(
    private readonly owner: Owner,
    private readonly drivers: Drivers,
  ) {}

  get http(): HttpClient {
    if (!this.openHttp) {
      const { type, tags } = this.owner;
      this.openHttp = this.drivers.http.openClient({ user: type, tags });
      if (this.isCut) this.openHttp.interrupt();
      else if (this.gate) this.openHttp.setGate(this.gate);
    }
    return this.openHttp;
  }

  get ws(): WsClient {
    if (!this.openWs) {
      const { type, tags } = this.owner;
      this.openWs = this.drivers.ws.openClient({ user: type, tags }, this.http);
      if (this.isCut) this.openWs.interrupt();
      else if (this.gate) this.openWs.setGate(this.gate);
    }
    return this.openWs;
  }

  /**
   * Of the services that the scenario declares; asked for with every call.
   * @throws what the gate refuses with
   */
  get grpc(): GrpcClient {
    const refusal = this.gate?.();
    if (refusal !== undefined) throw refusal;
    if (!this.openGrpc) {
      const { type, tags } = this.owner;
      this.openGrpc = this.drivers.grpc!.openClient({ user: type, tags });
      if (this.isCut) this.openGrpc.interrupt();
    }
    return this.openGrpc;
  }

  /** Whether the promise of a call is open. */
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

  /** Cuts off what is in flight, and refuses what is called later. */
  cut(): void {
    this.isCut = true;
    this.openHttp?.interrupt();
    this.openWs?.interrupt();
    this.openGrpc?.interrupt();
  }

  /** After `cut`, makes calls possible again. */
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
