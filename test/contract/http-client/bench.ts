import { HttpDriver, type HttpClient, type HttpSettings } from '@drumline/drivers';
import type { Sample, SeriesKey } from '@drumline/model';
import { closeAfterEach } from '../support/closing.js';
import { serveHttp, type Handler, type TestServer } from '../support/servers.js';

export interface ClientBench {
  readonly http: HttpClient;
  readonly samples: Sample[];
  readonly late: [SeriesKey, string][];
  /** Bytes that belong to no sample. */
  /** Of requests that were sent again. */
  readonly resends: [SeriesKey, bytesSent: number][];
  /** `GET /products: line breaks that are not CRLF` */
  readonly oddities: string[];
  readonly idle: { sent: number; received: number };
  readonly driver: HttpDriver;
}

/** A user's client and its samples. Closed after each test together with the servers. */
export function clientBench() {
  const closing = closeAfterEach();
  async function client(target: string | undefined, settings: HttpSettings = {}): Promise<ClientBench> {
    const samples: Sample[] = [];
    const late: [SeriesKey, string][] = [];
    const resends: ClientBench['resends'] = [];
    const oddities: string[] = [];
    const idle = { sent: 0, received: 0 };
    const driver = await closing(
      HttpDriver.open({
        ...settings,
        target,
        now: () => performance.now(),
        onSample: (sample) => samples.push(sample),
        onLateFailure: (series, reason) => late.push([series, reason]),
        onResend: (series, bytesSent) => resends.push([series, bytesSent]),
        onOddity: ({ method, name }, oddity) => oddities.push(`${method} ${name}: ${oddity}`),
        onTransfer: (_, sent, received) => {
          idle.sent += sent;
          idle.received += received;
        },
        drumlineVersion: '1.2.3',
      }),
    );
    return {
      driver,
      samples,
      late,
      resends,
      oddities,
      idle,
      http: driver.openClient({ user: 'shopper', tags: { region: 'eu' } }),
    };
  }
  return {
    closing,
    client,
    async serving(handler: Handler, settings?: HttpSettings): Promise<ClientBench & { server: TestServer }> {
      const server = await closing(serveHttp(handler));
      return { server, ...(await client(server.origin, settings)) };
    },
  };
}
