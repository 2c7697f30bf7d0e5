import { signal } from '@preact/signals';
import { createContext } from 'preact';

/**
 * Whether scripts run. Without them there is nothing to click: no buttons, and charts are pictures.
 */
export const isInteractive = signal(false);

/** Whether the page is a report: a file with the data of one ended run. */
export const InReport = createContext(false);
