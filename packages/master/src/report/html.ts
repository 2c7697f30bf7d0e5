import type { RunResult } from '@drumline/wire';
import { renderAnnotations } from './html/annotations.js';
import { renderCharts } from './html/charts.js';
import { renderChecks } from './html/checks.js';
import { renderConnections } from './html/connections.js';
import { renderErrors } from './html/errors.js';
import { renderExceptions } from './html/exceptions.js';
import { renderHeader } from './html/header.js';
import { renderLimit } from './html/limit.js';
import { renderLosses } from './html/losses.js';
import { renderOutputs } from './html/outputs.js';
import { markup } from './html/markup.js';
import { renderMetrics } from './html/metrics.js';
import { renderNotes } from './html/notes.js';
import { renderPage } from './html/page.js';
import { renderPhases } from './html/phases.js';
import { renderPlan } from './html/plan.js';
import { renderRows } from './html/rows.js';
import { renderShared } from './html/shared.js';
import { renderSchedule } from './html/schedule.js';
import { renderSeries } from './html/series.js';
import { renderServiceTimes } from './html/service-times.js';
import { renderStatuses } from './html/statuses.js';
import { renderThresholds } from './html/thresholds.js';
import { renderTiles } from './html/tiles.js';
import { renderUntrusted } from './html/untrusted.js';
import { renderWorkers } from './html/workers.js';

/**
 * Renders the report of a run as one self-contained HTML file. Text from the scenario or the target
 * is escaped. Empty sections are omitted.
 */
export function renderHtml(result: RunResult): string {
  return renderPage(
    result,
    markup`${renderHeader(result)}
<main>
${renderNotes(result.notes)}
${renderTiles(result)}
${renderThresholds(result)}
${renderLimit(result)}
${renderCharts(result)}
${renderAnnotations(result)}
${renderSchedule(result)}
${renderSeries(result)}
${renderPhases(result)}
${renderServiceTimes(result)}
${renderStatuses(result)}
${renderErrors(result)}
${renderExceptions(result)}
${renderChecks(result.checks)}
${renderMetrics(result.metrics)}
${renderConnections(result)}
${renderRows(result)}
${renderShared(result)}
${renderLosses(result)}
${renderUntrusted(result)}
${renderOutputs(result)}
${renderPlan(result)}
${renderWorkers(result)}
</main>`,
  );
}
