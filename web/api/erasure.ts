import * as z from 'zod';

import { readContact } from '../../shared/contacts/store.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { eraseContact } from '../../shared/retention/erase.ts';
import { GOES, STAYS, previewErasure, whatStays } from '../../shared/retention/erase-preview.ts';
import { requestedBy } from '../../shared/retention/erasure.ts';
import type { ApiDeps } from './deps.ts';
import { NONE, NOTHING, endpoint } from './endpoint.ts';

const instant = z.iso.datetime({ precision: 3 });
const params = z.strictObject({ id: z.string().min(1).max(100) });

export const eraseBody = z.strictObject({
  /** Who of us does it, by the id that the operator's own systems know them by. */
  actor: z.string().trim().min(1).max(100),
  reason: z.string().trim().min(1).max(500),
  requestedBy: requestedBy.exclude(['retention']),
});

const stays = z.array(
  z.strictObject({
    what: z.enum(STAYS),
    reason: z.enum(['claims', 'phone-consent', 'suppression']),
    basis: z.string(),
    /** Absent where it stays for ever. */
    until: instant.optional(),
  }),
);
export const erasurePreview = z.strictObject({ goes: z.array(z.enum(GOES)), stays });
export const erasureAnswer = z.strictObject({
  contactId: z.string(),
  erasedAt: instant,
  /** Absent while something is still being cleared away; that takes minutes. */
  clearedAt: instant.optional(),
  stays,
});

/** The right to be forgotten: what it would do, and doing it (D4). */
export const erasureEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/contacts/{id}/erase-preview',
    scope: 'contacts:read',
    summary: 'What an erasure would remove, and what stays until when and why',
    params,
    query: NONE,
    body: NOTHING,
    answers: { 200: { description: 'Nothing has changed', schema: erasurePreview } },
    handle: async (deps: ApiDeps, { params: { id }, caller, at }) => {
      const contact = await readContact(deps.db, id);
      if (contact?.controller !== caller.controller) throw notFound();
      return { status: 200, body: await previewErasure(deps, contact, at) };
    },
  }),
  endpoint({
    method: 'POST',
    path: '/v1/contacts/{id}/erase',
    scope: 'contacts:write',
    summary: 'Erase a contact',
    description:
      'The profile goes at once and for good. Later writes of the address or external id are refused as `erased`; the person may sign up again.',
    params,
    query: NONE,
    body: eraseBody,
    idempotent: true,
    answers: { 200: { description: 'The contact is erased', schema: erasureAnswer } },
    handle: async (deps: ApiDeps, { params: { id }, body, caller, at }) => {
      const outcome = await eraseContact(deps, {
        contactId: id,
        controller: caller.controller,
        requestedBy: body.requestedBy,
        actor: { kind: 'staff', id: body.actor },
        note: body.reason,
        at,
      });
      if (outcome.kind !== 'erased') throw notFound();
      const { contactId, erasedAt, clearedAt, kept, addressKeys } = outcome.erased;
      const left = whatStays(kept, addressKeys.length > 0);
      return { status: 200, body: { contactId, erasedAt, clearedAt, stays: left } };
    },
  }),
];

function notFound(): AppError {
  return new AppError('not-found', 'there is no such contact');
}
