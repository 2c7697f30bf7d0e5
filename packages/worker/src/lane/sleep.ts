import { InterruptedError } from '@drumline/drivers';
import { parseDuration, type Duration } from '@drumline/model';

/**
 * Waits; rejects with an InterruptedError as soon as the user is cut off.
 * @param onCut has an action run then; returns what forgets it
 * @throws RangeError if it is not a duration
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
