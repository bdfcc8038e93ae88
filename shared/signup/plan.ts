import type { Contact } from '../contacts/contact.ts';
import type { AddressItem } from '../contacts/store.ts';
import { RESTING, modelFor, neededProof } from '../permission/models.ts';
import { transition } from '../permission/rules.ts';
import { permissionOf, restrictionOf } from '../permission/status.ts';
import type { Brand } from '../settings/brand.ts';
import type { Form } from '../settings/form.ts';
import { inCatalogueOrder, isDataUse } from '../settings/uses.ts';
import type { Uses } from '../settings/uses.ts';
import type { Plan, SignupRequest } from './pending.ts';

export type PlanInput = {
  brand: Brand;
  form: Pick<Form, 'optIn'>;
  uses: Uses;
  request: Pick<SignupRequest, 'uses' | 'topics' | 'fields'>;
  contact: Contact | undefined;
  /** See `demandsClick`. */
  demandClick: boolean;
};

/** Which uses of a request need the owner's click, and which are granted by an accepted mail (DOMAIN 3). */
export function planMail({ brand, form, uses, request, contact, demandClick }: PlanInput): Plan {
  const model = modelFor(brand, request.fields.country);
  const click: string[] = [];
  const accept: string[] = [];
  for (const use of askedUses(uses, request)) {
    const permission = permissionOf(contact, brand.id, use);
    if (
      permission?.status === 'granted' &&
      !restrictionOf(contact, brand.id, use) &&
      topicsOf(uses, use, request.topics).every((topic) => permission.topics.includes(topic))
    ) {
      continue;
    }
    const proof = neededProof({ form: form.optIn, model, dataUse: isDataUse(uses, use) });
    const accepted = transition(permission?.status ?? RESTING[model], 'mail-accepted') === 'granted';
    (proof === 'confirmed' && accepted && !demandClick ? accept : click).push(use);
  }
  const nothingNew = click.length === 0 && accept.length === 0;
  return { kind: nothingNew ? 'already-registered' : 'confirm', click, accept };
}

/** The uses that were ticked, in the order in which people read them. */
export function askedUses(uses: Uses, request: Pick<SignupRequest, 'uses'>): string[] {
  return inCatalogueOrder(uses, Object.keys(request.uses));
}

/** Erased, complained or bounced before: only a click proves that the owner wants this (DOMAIN 3). */
export function demandsClick(pointer: AddressItem | undefined): boolean {
  const { hard, complaint } = pointer?.suppression ?? {};
  return Boolean(pointer?.erasedAt ?? hard ?? complaint);
}

/** The chosen topics that belong to one use. */
export function topicsOf(uses: Uses, useId: string, chosen: readonly string[]): string[] {
  return uses.topics.filter(({ id, use }) => use === useId && chosen.includes(id)).map(({ id }) => id);
}
