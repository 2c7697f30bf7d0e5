/** Where a debugger finds in a lane how much has got done, see `lane/progress.ts`. */
export const PROGRESS_SYMBOL = 'drumline.progress';
