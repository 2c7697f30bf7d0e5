import { chartScript } from './client-charts.js';
import { tableScript } from './client-tables.js';

/** Everything the page runs. Plain browser JavaScript, so it is kept as text. */
export const clientScript = `'use strict';
{${chartScript}}
{${tableScript}}`;
