import type { Contact } from '../../shared/contacts/contact.ts';
import { ask } from '../../shared/decision/ask.ts';
import { decideContacts } from '../../shared/decision/decide-contacts.ts';
import type { Candidate, DecideDeps, Outcome } from '../../shared/decision/decide-contacts.ts';
import type { Intent } from '../../shared/decision/reserve.ts';
import { addressKey } from '../../shared/contacts/address-key.ts';
import type { NewContact } from '../../shared/permission/apply-entry.ts';
import type { Change } from '../../shared/permission/evidence.ts';
import { record } from '../../shared/permission/record.ts';
import type { RecordDeps } from '../../shared/permission/record.ts';
import { now } from '../../shared/platform/clock.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import type { Secrets } from '../../shared/platform/secrets.ts';
import type { Settings } from '../../shared/settings/store.ts';
import { draft, granted, newPerson, recorded } from '../permission/person.ts';
import { BRAND, CONTROLLER } from '../support/system.ts';

type Deps = DecideDeps & RecordDeps & { secrets: Secrets; settings: Settings };

/** Agreed to without a form, so that nothing is promised: only the policy counts. */
export const agreed = (use: string, more: Partial<Change> = {}) => {
  const { form: _, ...change } = granted(use, [], more);
  return change;
};

/** Somebody who can be reached by every channel and agreed to these uses. */
export async function makePerson(
  deps: Deps,
  email: string,
  changes: Change[],
  more: Partial<NewContact> = {},
): Promise<Contact> {
  const at = now();
  const told = (value: string) => ({ value, source: 'person', at }) as const;
  const contact = newPerson({
    address: email,
    addressKey: addressKey(await deps.secrets.pepper(), `${CONTROLLER}\n${email.toLowerCase()}`),
    fields: { phone: told('+494311234567'), street: told('Werftstraße 12'), city: told('Kiel') },
    ...more,
  });
  const made = record(deps, { contact, draft: draft(changes), payload: {} });
  return (await recorded(made)).contact;
}

export type Attempt = {
  candidates: Candidate[];
  brand?: string;
  use?: string;
  topic?: string;
  at?: Instant;
  intent?: Intent;
  past?: boolean;
};

/** Decides as the API does. */
export async function decideAs(deps: Deps, attempt: Attempt): Promise<Outcome[]> {
  const { candidates, brand = BRAND, use = 'newsletter', topic, at = now(), intent, past = false } = attempt;
  const { question, settled } = await ask(deps, CONTROLLER, { brand, use, topic }, at);
  return decideContacts(deps, { controller: CONTROLLER, candidates, question, settled, intent, past });
}

export async function decideOne(deps: Deps, contactId: string, attempt: Omit<Attempt, 'candidates'> = {}) {
  const [outcome] = await decideAs(deps, { ...attempt, candidates: [{ ref: { id: contactId } }] });
  if (outcome?.kind !== 'decided') throw new Error(`not decided: ${outcome?.kind}`);
  return outcome;
}
