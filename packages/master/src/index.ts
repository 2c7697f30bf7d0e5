export { startMaster, type MasterHandle } from './master.js';
export type { EndedRegisteredRun, OnlyRun } from './service/only-run.js';
export { startService, type ServiceHandle, type ServiceOptions } from './serve.js';
export { openRunToResume, type ResumableRun } from './store/resume.js';
export type { MasterOptions } from './options.js';
export type { OpenOutputs, RunOutputs } from './run/run-outputs.js';
export type { Log } from './cluster/log.js';
export type { ControlPlane, LiveRun, RunPlane } from './service/control-plane.js';
export type { SeriesPoint } from '@drumline/stats';
