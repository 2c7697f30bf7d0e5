/** HTTP, as users see it. */
export { HttpDriver, type HttpDriverOptions } from './http/driver.js';
export { HttpClient } from './http/client.js';
export type { Credentials } from './http/auth/credentials.js';
export { HttpResponse } from './http/response.js';
export type { ResponseHeaders } from './http/response-headers.js';
export { EventStream } from './http/events/stream.js';
export { ServerEvent } from './http/events/server-event.js';
export type { Cookies } from './http/cookies.js';
export { BodyError } from './http/coding/body-error.js';
export { decodeBody } from './http/coding/decode.js';
export type { StreamedBody } from './http/upload-body.js';
export type {
  EventOptions,
  Expectation,
  MultipartFile,
  MultipartValue,
  RequestOptions,
} from './http/options.js';

/** WebSockets. */
export { WsDriver, type WsDriverOptions } from './ws/driver.js';
export { WsClient } from './ws/client.js';
export type { WsConnection } from './ws/connection.js';
export type { WsAnswer, WsMessage } from './ws/message.js';
export type { ConnectOptions, MessageTest, WaitOptions, WsData } from './ws/options.js';
export { WsError } from './ws/failure.js';

/** What the drivers share. */
export type { DnsSettings, HttpSettings, ResponseBody } from './settings/http-settings.js';
export type { AwsSignatureSettings, OAuth2Settings, TracingSettings } from './settings/request-settings.js';
export type { DefaultHeaders, Fields, FieldValue } from './calls/headers.js';
export { isCountedFailure } from './calls/counted-failure.js';
export { InterruptedError, isInterrupted, type CallGate } from './calls/interrupted.js';
export { takeStartDelay, type StartDelay } from './calls/start-delay.js';
export type { Verdict } from './calls/verdict.js';
export { lacksTarget } from './url/target.js';

export { turnsEnded } from './dial/turn-end.js';

/** The HTTP engines and their contract. */
export * from './engine/contract.js';
export type { Failure, FailureClass, TimeoutPhase } from './engine/failure.js';
export { phasesOf, plainPhases } from './engine/phases.js';
export { createNativeEngine } from './native/engine.js';
