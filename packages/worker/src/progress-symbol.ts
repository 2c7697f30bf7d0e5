/**
 * The global symbol under which a debugger finds the progress of a lane, see `lane/progress.ts`.
 */
export const PROGRESS_SYMBOL = 'drumline.progress';
