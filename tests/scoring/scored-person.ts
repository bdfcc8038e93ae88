import type { Contact } from '../../shared/contacts/contact.ts';
import { eventKey } from '../../shared/engagement/event.ts';
import type { EngagementEvent } from '../../shared/engagement/event.ts';
import { now } from '../../shared/platform/clock.ts';
import { write } from '../../shared/platform/table.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { recalculate } from '../../shared/scoring/recalculate.ts';
import { readScore } from '../../shared/scoring/store.ts';
import { event, mailEvent } from '../support/engagement.ts';
import { BRAND, CONTROLLER, linkIn } from '../support/system.ts';
import type { openTestSystem } from '../support/system.ts';

type System = Awaited<ReturnType<typeof openTestSystem>>;
type About = { contactId: string; controller: string };

/** A subscriber who lets us keep a profile and measure, in a real database. */
export async function scoredPerson(
  system: System,
  email: string,
  uses = ['newsletter', 'tracking', 'profiling'],
) {
  const { deps } = system;
  await system.signUp(email, { uses });
  await system.work();
  await system.confirm(linkIn(system.mailsTo(email)[0], 'confirm'));
  await system.arrive(email);
  const contact = await system.contactOf(email);
  if (!contact) throw new Error(`${email} did not confirm`);
  const { id } = contact;
  const about: About = { contactId: id, controller: CONTROLLER };
  const store = async (...events: EngagementEvent[]) => {
    for (const each of events) {
      const item = { ...each, ...about };
      await write(deps.db, { put: 'engagement', item: { ...eventKey(item), ...item } });
    }
  };
  return {
    id,
    email,
    store,
    /** An act that happens now, and is stored. */
    act: async (type: string, change: Partial<EngagementEvent> = {}) => store(event(type, now(), change)),
    mail: async (...given: Parameters<typeof mailEvent>) => store(mailEvent(...given)),
    score: () => readScore(deps.db, id),
    recalculate: () => recalculate(deps, id),
    contact: async (): Promise<Contact> => {
      const found = await system.contactOf(email);
      if (!found) throw new Error(`${email} is gone`);
      return found;
    },
    withdraw: async (scope: Parameters<typeof withdraw>[1]['scope']) => {
      const brand = await deps.settings.brand(BRAND);
      if (!brand) throw new Error(`no brand ${BRAND}`);
      await withdraw(deps, {
        contactId: id,
        brand,
        scope,
        route: 'unsubscribe-page',
        actor: { kind: 'person' },
      });
    },
    items: async (prefix: string) =>
      (await system.dump('engagement')).filter(({ pk, sk }) => pk === `C#${id}` && sk.startsWith(prefix)),
  };
}
