/** HTTP, as users see it. */
export { HttpDriver, type HttpDriverOptions } from './http/driver.js';
export type { DnsSettings, HttpSettings } from './http/settings.js';
export { HttpClient } from './http/client.js';
export type { Credentials } from './http/auth/credentials.js';
export { HttpResponse } from './http/response.js';
export type { ResponseHeaders } from './http/response-headers.js';
export { EventStream } from './http/events/stream.js';
export { ServerEvent } from './http/events/server-event.js';
export type { DefaultHeaders } from './http/headers.js';
export type { Cookies } from './http/cookies.js';
export { lacksTarget } from './http/target.js';
export { InterruptedError, isInterrupted, type CallGate } from './http/interrupted.js';
export type {
  EventOptions,
  Expectation,
  Fields,
  FieldValue,
  MultipartFile,
  MultipartValue,
  RequestOptions,
  ResponseBody,
  StreamedBody,
  Verdict,
} from './http/options.js';

/** WebSockets. */
export { WsDriver, type WsDriverOptions } from './ws/driver.js';
export { WsClient } from './ws/client.js';
export type { WsConnection } from './ws/connection.js';
export type { WsAnswer, WsMessage } from './ws/message.js';
export type { ConnectOptions, MessageTest, WaitOptions, WsData } from './ws/options.js';
export { WsError } from './ws/failure.js';
export { BodyError, isCountedFailure } from './http/counted-failure.js';

export { turnsEnded } from './dial/turn-end.js';

/** The HTTP engines and their contract. */
export * from './engine/contract.js';
export type { Failure, FailureClass, TimeoutPhase } from './engine/failure.js';
export {
  promised,
  type PromisedEngine,
  type PromisedExchange,
  type PromisedSession,
} from './engine/promised.js';
export { createNativeEngine } from './native/engine.js';
