import type { EngagementEvent } from '../../shared/engagement/event.ts';
import { EVENT_MONTHS } from '../../shared/engagement/write-event.ts';
import { DAY, MINUTE, SECOND, now, plus, plusMonths, toTtl } from '../../shared/platform/clock.ts';
import { demoBrand } from '../../shared/settings/demo.ts';

/** Two of a kind on one day count both. */
const TYPES = ['download', 'form', 'event-registration'];
let acts = 0;

/** What somebody did a moment ago, as another system tells it; no two are the same. */
export function newAct(agoMs = SECOND) {
  acts += 1;
  return {
    id: `0190b5f2-7c1e-7a3b-9c4d-${String(acts).padStart(12, '0')}`,
    source: 'bench',
    type: TYPES[acts % TYPES.length] ?? '',
    occurredAt: plus(now(), -agoMs),
    topics: ['drives'],
    asset: 'Baureihe 7, Anwendungen',
  };
}

/** What somebody did in the last weeks, as it is stored. */
export function storedAct(contactId: string): EngagementEvent {
  const act = newAct(((acts * 7) % 20) * DAY + (acts % 60) * MINUTE);
  const expiresAt = toTtl(plusMonths(act.occurredAt, EVENT_MONTHS));
  return { ...act, schema: 1, contactId, controller: demoBrand.controller.id, expiresAt };
}
