export * from './messages/master.js';
export * from './messages/worker.js';
export * from './messages/protocol.js';
export type { SharedReply, SharedRequestMessage, SharedWake } from './messages/shared.js';
export {
  BadFrame,
  decodeMasterMessage,
  decodeWorkerMessage,
  encodeMessage,
  findPayloadProblem,
} from './codec.js';
export type { LinkRefusal } from './link/dialling.js';
export { askMechanism } from './link/greeting.js';
export type { Interruption, MasterLink, PortPolicy, WorkerLink } from './link/link.js';
export { bindMasterLink } from './link/zeromq-master.js';
export { dialWorkerLink } from './link/zeromq-worker.js';
export { createMemoryHub, type FrameTransport, type MemoryHub, type FrameInTransit } from './link/memory.js';
export { ClockEstimate } from './clock.js';
export * from './result.js';
export * from './api.js';
export * from './counted.js';
export * from './api-run-parts.js';
export { latencySummary, seriesResult, totalsResult } from './result-requests.js';
export { timelinePoint } from './timeline-result.js';
export { reasonResult } from './verdict-result.js';
export { annotationView } from './annotation.js';
export { runEventView } from './events.js';
export * from './requests.js';
export { comparisonView } from './comparison.js';
export * from './scenarios.js';
export { submittedPlan } from './submitted-plan.js';
export { findSubmissionProblem, missingArtifacts, submission, uploadView } from './submission.js';
export type * from './views/index.js';
export { VERSION } from './version.js';
export { bootId, hasEnded, thisProcess, whetherAlive, type ProcessIdentity } from './process-identity.js';
