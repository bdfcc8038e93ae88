import { log, metric } from '../platform/log.ts';

/** Evidence that is not what it was: somebody must look at once, and is told where. */
export function tellBroken(found: { contactId: string; seq: number; problem: string }): void {
  log('error', 'evidence-broken', found);
  metric('evidence-broken', 1, { problem: found.problem });
}
