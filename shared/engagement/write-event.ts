import { plusMonths, toTtl } from '../platform/clock.ts';
import { write } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';
import { eventKey } from './event.ts';
import type { EngagementEvent } from './event.ts';

/** How long an event is kept (DOMAIN 8). */
export const EVENT_MONTHS = 13;

/**
 * Writes one event. Written again it is the same item, so nothing is asked before (ARCHITECTURE 2).
 * @param options `once`: it holds what was known when it came in, so the first writing stands
 */
export async function writeEvent(
  db: Database,
  event: Omit<EngagementEvent, 'schema' | 'expiresAt'>,
  { once = false }: { once?: boolean } = {},
): Promise<void> {
  const expiresAt = toTtl(plusMonths(event.occurredAt, EVENT_MONTHS));
  const stored: EngagementEvent = { ...event, schema: 1, expiresAt };
  await write(db, {
    put: 'engagement',
    item: { ...eventKey(stored), ...stored },
    ...(once ? { condition: 'attribute_not_exists(pk)' } : {}),
  });
}
