import { permissionKey } from '../contacts/contact.ts';
import type { Contact } from '../contacts/contact.ts';
import type { LegalBasis } from '../contacts/legal-basis.ts';
import type { Instant } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { BasisDraft } from './apply-entry.ts';
import { canonical } from './evidence.ts';
import type { RecordInput } from './record.ts';
import type { Status } from './status.ts';
import type { ToldBasis } from './told-consent.ts';

/** Bases that speak for a contact in place of consent: only where the person never said no (G2, L2). */
const ENDED_BY_NO: ReadonlySet<LegalBasis['kind']> = new Set<LegalBasis['kind']>([
  'presumed-interest',
  'existing-customer',
  'implied',
]);

/**
 * The act that records a basis: the permission stays what it is.
 * @returns undefined where the very same is recorded
 */
export function basisAct(input: {
  told: ToldBasis;
  contact: Contact;
  status: Status;
  /** The person said no, maybe beneath a block. */
  isObjected: boolean;
  at: Instant;
}): Omit<RecordInput, 'contact'> | undefined {
  const { told, contact, status, at } = input;
  const { brand, use, actor } = told;
  if (input.isObjected && ENDED_BY_NO.has(told.kind)) {
    throw new AppError('conflict', 'The person said no.', { reason: 'withdrawn' });
  }
  const place = permissionKey(brand, use);
  const draft = toDraft(told);
  if (isSame(contact.bases?.[place], draft)) return undefined;
  return {
    draft: {
      type: 'basis',
      at,
      actor: { kind: 'staff', id: actor },
      route: told.kind === 'claimed' ? told.via : 'staff',
      changes: [{ brand, use, from: status, to: status, basis: told.kind }],
      ...(told.kind === 'claimed' && told.collectedAt !== undefined
        ? { document: { givenAt: told.collectedAt, ...(told.document ? { sha256: told.document } : {}) } }
        : {}),
    },
    payload: { address: contact.address, notes: { ...draft } },
    bases: { [place]: draft },
  };
}

function toDraft(told: ToldBasis): BasisDraft {
  const { brand: _, use: _use, actor: recordedBy, ...said } = told;
  switch (said.kind) {
    case 'claimed': {
      const { via: _via, ...claim } = said;
      return claim;
    }
    case 'presumed-interest':
      return { ...said, recordedBy };
    case 'existing-customer':
    case 'implied':
    case 'business-card':
      return said;
  }
}

function isSame(known: LegalBasis | undefined, draft: BasisDraft): boolean {
  if (!known) return false;
  const { at: _, seq: _seq, ...said } = known;
  return canonical(said) === canonical(draft);
}
