import { InterruptedError } from '@drumline/drivers';
import { parseDuration, type Duration } from '@drumline/model';

/**
 * Waits. Rejects with an InterruptedError as soon as the user is cut off.
 * @param onCut registers an action for that; returns a function that unregisters it
 * @throws RangeError for an invalid duration
 */
export function sleepUnlessCut(duration: Duration, onCut: (action: () => void) => () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      forget();
      resolve();
    }, parseDuration(duration));
    const forget = onCut(() => {
      clearTimeout(timer);
      reject(new InterruptedError());
    });
  });
}
