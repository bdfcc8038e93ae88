import { splitPermissionKey } from '../contacts/contact.ts';
import { readOwner } from '../contacts/store.ts';
import { HOUR, now } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import type { Secrets } from '../platform/secrets.ts';
import type { Database } from '../platform/table.ts';
import { untilRecorded } from '../permission/record.ts';
import type { Brand } from '../settings/brand.ts';
import type { Settings } from '../settings/store.ts';
import { grantRequest } from './grant.ts';
import { readConfirmToken, readPageNonce } from './links.ts';
import type { RequestRef } from './links.ts';
import { linkExpiry, purgeAt } from './pending.ts';
import type { PendingSignup, Progress, SignupRequest } from './pending.ts';
import { askedUses } from './plan.ts';
import { advance, readPending } from './store.ts';

export type ConfirmDeps = {
  db: Database;
  secrets: Pick<Secrets, 'linkKeys' | 'evidenceMaster'>;
  settings: Pick<Settings, 'brand' | 'uses'>;
};

/** An open request behind a confirmation link. */
export type OpenRequest = {
  kind: 'open';
  ref: RequestRef;
  brand: Brand;
  pending: PendingSignup;
  request: SignupRequest;
  progress: Progress | undefined;
};
/** What is true of a confirmation link that cannot confirm. */
export type ClosedRequest =
  | { kind: 'already-confirmed'; at: Instant; use: string; contactId: string; ref: RequestRef; brand: Brand }
  | { kind: 'expired'; canResend: boolean; ref: RequestRef; brand: Brand }
  | { kind: 'withdrawn-meanwhile'; ref: RequestRef; brand: Brand }
  | { kind: 'rejected'; ref: RequestRef; brand: Brand }
  | { kind: 'under-review'; ref: RequestRef; brand: Brand }
  | { kind: 'unknown' };

/** Reads what a confirmation link stands for; changes nothing (T1). */
export async function viewConfirmation(
  deps: ConfirmDeps,
  token: string,
): Promise<OpenRequest | ClosedRequest> {
  const ref = readConfirmToken(await deps.secrets.linkKeys(), token);
  const brand = ref && (await deps.settings.brand(ref.brand));
  if (!ref || !brand) return { kind: 'unknown' };
  const pending = await readPending(deps.db, ref.brand, ref.addressKey);
  const request = pending?.requests.get(ref.requestId);
  const progress = pending?.progress.get(ref.requestId);
  const at = now();
  if (progress?.state === 'closed' && progress.as === 'rejected') return { kind: 'rejected', ref, brand };
  if (progress?.state === 'closed' && progress.as === 'confirmed') return viewConfirmed(deps, ref, brand);
  if (!pending || !request || at >= purgeAt(request)) {
    return pending && progress
      ? { kind: 'expired', canResend: false, ref, brand }
      : viewConfirmed(deps, ref, brand);
  }
  if (progress?.state === 'closed' || at >= linkExpiry(request, progress)) {
    return { kind: 'expired', canResend: true, ref, brand };
  }
  return { kind: 'open', ref, brand, pending, request, progress };
}

/** Long after, the contact itself tells whether this address confirmed on this form. */
async function viewConfirmed(deps: ConfirmDeps, ref: RequestRef, brand: Brand): Promise<ClosedRequest> {
  const contact = await readOwner(deps.db, brand.controller.id, ref.addressKey);
  const ofBrand = Object.entries(contact?.permissions ?? {}).filter(([key]) =>
    key.startsWith(`${brand.id}#`),
  );
  const granted = ofBrand.flatMap(([key, permission]) =>
    permission.status === 'granted' && permission.form?.id === ref.form
      ? [{ at: permission.since, use: splitPermissionKey(key).use }]
      : [],
  );
  const latest = granted.sort((a, b) => (a.at < b.at ? -1 : 1)).at(-1);
  const asked = Object.entries(contact?.reviews ?? {}).filter(([key]) => key.startsWith(`${brand.id}#`));
  // A competitor is told of nothing else before one of us decided (DOMAIN 4).
  const checked = asked.some(([, { why }]) => why === 'competitor');
  if (contact && latest && !checked) {
    return { kind: 'already-confirmed', ...latest, ref, brand, contactId: contact.id };
  }
  if (asked.length > 0) return { kind: 'under-review', ref, brand };
  const withdrew = ofBrand.some(([, permission]) => permission.status === 'withdrawn');
  return withdrew
    ? { kind: 'withdrawn-meanwhile', ref, brand }
    : { kind: 'expired', canResend: false, ref, brand };
}

export type ConfirmInput = { token: string; pageNonce: string; ip: string; userAgent: string };
export type ConfirmOutcome =
  | {
      kind: 'confirmed';
      brand: Brand;
      contactId: string;
      granted: string[];
      review: string[];
      address: string | undefined;
    }
  /** The page was not shown, or too long ago: show it (T1). */
  | { kind: 'show-page' }
  | ClosedRequest;

/** Confirms exactly the request that the mail listed; a second click finds it done. */
export async function confirmSignup(deps: ConfirmDeps, input: ConfirmInput): Promise<ConfirmOutcome> {
  const links = await deps.secrets.linkKeys();
  const pageShownAt = readPageNonce(links, input.token, input.pageNonce, 24 * HOUR);
  if (!pageShownAt) return { kind: 'show-page' };
  return untilRecorded(async (): Promise<ConfirmOutcome | undefined> => {
    const view = await viewConfirmation(deps, input.token);
    if (view.kind !== 'open') return view;
    const { brand, pending, request, progress, ref } = view;
    const uses = await deps.settings.uses(brand.controller.id);
    const granted = await grantRequest(deps, {
      pending,
      requestId: ref.requestId,
      request,
      brand,
      uses,
      wanted: askedUses(uses, request),
      mail: progress && 'mail' in progress ? progress.mail : undefined,
      click: { ip: input.ip, userAgent: input.userAgent, pageShownAt },
      also: ({ contactId }) => [closeConfirmed(pending, ref.requestId, progress, contactId)],
    });
    if (!granted) return undefined;
    if (granted.kind === 'nothing') return { kind: 'withdrawn-meanwhile', ref, brand };
    const { changes } = granted.entry;
    const usesOf = (held: boolean) =>
      changes.filter(({ review = false }) => review === held).map(({ use }) => use);
    if (granted.entry.type === 'review') return { kind: 'under-review', ref, brand };
    return {
      kind: 'confirmed',
      brand,
      contactId: granted.contact.id,
      granted: usesOf(false),
      review: usesOf(true),
      address: granted.contact.address,
    };
  });
}

/** Ends a request as confirmed: its personal data goes, ids and instants stay as a stub. */
function closeConfirmed(
  pending: PendingSignup,
  requestId: string,
  from: Progress | undefined,
  contactId: string,
) {
  const at = now();
  const mail = from && 'mail' in from ? from.mail : undefined;
  return advance(
    pending,
    requestId,
    from,
    {
      state: 'closed',
      as: 'confirmed',
      at,
      contactId,
      ...(mail?.messageId ? { messageId: mail.messageId } : {}),
      ...(mail?.deliveredAt ? { deliveredAt: mail.deliveredAt } : {}),
    },
    { forget: true, free: true },
  );
}
