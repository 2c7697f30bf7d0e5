import { chartScript } from './client-charts.js';
import { tableScript } from './client-tables.js';

/** The script of the page. It is plain browser JavaScript, so it is kept as text. */
export const clientScript = `'use strict';
{${chartScript}}
{${tableScript}}`;
