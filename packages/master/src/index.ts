export { startMaster, type MasterHandle } from './master.js';
export { openRunToResume, type ResumableRun } from './store/resume.js';
export type { MasterOptions, Log } from './options.js';
export type { RunControl } from './api/run-control.js';
export { renderHtml } from './report/html.js';
export { renderCsv } from './report/csv.js';
export type { SeriesPoint } from '@drumline/stats';
