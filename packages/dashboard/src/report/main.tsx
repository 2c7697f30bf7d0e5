import { hydrate } from 'preact';
import { pressKey } from '../parts/keys.js';
import { isInteractive } from '../parts/medium.js';
import { applyTheme } from '../parts/theme.js';
import { openReport, type ReportData } from './data.js';
import { DATA_ID, ROOT_ID } from './ids.js';
import { ReportPage } from './report-page.js';

const data = JSON.parse(document.getElementById(DATA_ID)!.textContent) as ReportData;
applyTheme();
hydrate(<ReportPage {...openReport(data)} />, document.getElementById(ROOT_ID)!);
isInteractive.value = true;
addEventListener('keydown', (event) => pressKey(event, () => {}));
