import { partStyle } from './style-parts.js';
import { themeStyle } from './style-theme.js';

/** The whole style sheet of the report. */
export const style = `${themeStyle}
${partStyle}`;
