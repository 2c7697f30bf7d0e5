import { hydrate } from 'preact';
import { isInteractive } from '../parts/medium.js';
import { applyTheme } from '../parts/theme.js';
import { resultRun } from '../run/result-run.js';
import { DATA_ID, ROOT_ID } from './ids.js';
import { type PackedResult, unpackResult } from './packed.js';
import { ReportPage } from './report-page.js';

const packed = JSON.parse(document.getElementById(DATA_ID)!.textContent) as PackedResult;
applyTheme();
const run = resultRun(unpackResult(packed), packed.timeline);
hydrate(<ReportPage run={run} />, document.getElementById(ROOT_ID)!);
isInteractive.value = true;
