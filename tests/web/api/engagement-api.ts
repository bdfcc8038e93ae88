import * as z from 'zod';

import { engagementEvent } from '../../../shared/engagement/event.ts';
import type { EngagementEvent } from '../../../shared/engagement/event.ts';
import type { Change } from '../../../shared/permission/evidence.ts';
import { MINUTE, SECOND, now, plus, realMs } from '../../../shared/platform/clock.ts';
import { keys } from '../../../shared/platform/keys.ts';
import { signWebhook } from '../../../shared/platform/webhook-signature.ts';
import { contactEndpoints } from '../../../web/api/contacts.ts';
import { engagementEndpoints } from '../../../web/api/engagement.ts';
import { engagementAnswer } from '../../../web/api/engagement-shapes.ts';
import { erasureEndpoints } from '../../../web/api/erasure.ts';
import { sourceEndpoints } from '../../../web/api/sources.ts';
import { makePerson } from '../../decision/people.ts';
import { openTestApi } from '../../support/api.ts';
import type { ApiCall } from '../../support/api.ts';

const secretAnswer = z.object({ secret: z.string() });

/** The headers of a signed webhook, as a sender makes them. */
export function signed(secret: string, body: string | Uint8Array, { id = 'msg_1', agoSeconds = 0 } = {}) {
  const timestamp = String(Math.floor(realMs() / SECOND) - agoSeconds);
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signWebhook(secret, { id, timestamp }, body),
  };
}

/** The API of engagement, and what its tests do with it again and again. */
export async function openEngagementApi() {
  const api = await openTestApi([
    ...engagementEndpoints,
    ...sourceEndpoints,
    ...contactEndpoints,
    ...erasureEndpoints,
  ]);
  let events = 0;
  let people = 0;
  const post = (body: unknown, more: ApiCall = {}) => api.call('POST', '/v1/engagements', { ...more, body });
  const stored = async (contactId: string): Promise<EngagementEvent[]> => {
    const items = await api.dump('engagement');
    const own = items.filter(({ pk, sk }) => pk === keys.contact(contactId).pk && sk.startsWith('EVT#'));
    return own.map((item) => engagementEvent.parse(item)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  };
  return {
    ...api,
    post,
    stored,
    /** A download of a minute ago, by whoever is named. */
    event: (more: object = {}) => ({
      id: `evt-${(events += 1)}`,
      source: 'shop',
      type: 'download',
      occurredAt: plus(now(), -MINUTE),
      ...more,
    }),
    /** Somebody with these permissions. */
    person: async (changes: Change[] = []) => {
      const email = `person-${(people += 1)}@maschinenbau.example`;
      const made = await makePerson(api.deps, email, changes);
      const { id } = made;
      return { id, email, stored: made, contact: { id } };
    },
    /** What came of events, where some were taken. */
    taken: async (body: unknown, more: ApiCall = {}) => (await post(body, more)).as(engagementAnswer),
    /** A new source, and the secret that it signs with. */
    source: async (id: string) => {
      const body = { id, name: 'A shop' };
      return (await api.call('POST', '/v1/engagement-sources', { body })).as(secretAnswer).secret;
    },
    rotate: async (id: string) => {
      const answer = await api.call('POST', `/v1/engagement-sources/${id}/rotate`, { body: {} });
      return answer.as(secretAnswer).secret;
    },
    /** Posts as a source does that knows no key. */
    postSigned: (source: string, body: string, headers: Record<string, string>) =>
      post(body, {
        key: null,
        query: { source },
        headers: { 'content-type': 'application/json', ...headers },
      }),
  };
}
