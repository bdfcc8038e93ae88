import type { Contact } from '../contacts/contact.ts';
import type { Instant } from '../platform/clock.ts';
import { blockContact } from '../permission/block.ts';
import type { BlockDeps } from '../permission/block.ts';
import { brandsOf } from '../settings/own-settings.ts';
import type { Policy } from '../settings/policy.ts';
import { askUs } from './person-request.ts';
import type { PersonRequest } from './person-request.ts';

export type RestrictInput = {
  contact: Contact;
  /** Why, where the person says it. */
  text: string;
  policy: Pick<Policy, 'requests'>;
  at: Instant;
};

/**
 * Nothing is sent and nothing evaluated until one of us lifts it: a block of every use of every brand, which gives back
 * exactly what was before (art. 18 GDPR). The request is noted first, so that one of us knows of it wherever storage
 * fails after that; asked again, it goes on where it stopped.
 * @returns the request; undefined where a second one is one too many, which changes nothing about the block
 */
export async function restrictContact(
  deps: BlockDeps,
  { contact, text, policy, at }: RestrictInput,
): Promise<PersonRequest | undefined> {
  const { id: contactId, controller } = contact;
  const asked = await askUs(deps.db, { contactId, controller, kind: 'restriction', text, policy, at });
  const { uses } = await deps.settings.uses(controller);
  for (const brand of await brandsOf(deps.db, controller)) {
    await blockContact(deps, {
      controller,
      contactId,
      brand,
      uses: uses.map(({ id }) => id),
      reason: 'restriction',
      actor: { kind: 'person' },
      route: 'log-in',
      at,
    });
  }
  return asked;
}
