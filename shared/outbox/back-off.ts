import { HOUR, SECOND } from '../platform/clock.ts';
import { jitter } from '../platform/ids.ts';

/** Wait before attempt `attempt + 1`: 30 s doubled each time up to an hour, half of it random. */
export function backOff(attempt: number): number {
  const full = Math.min(30 * SECOND * 2 ** Math.max(attempt - 1, 0), HOUR);
  return full / 2 + jitter(full / 2);
}
