import { companyOf } from '../contacts/company.ts';
import { readAddress, readContact, tellAddress } from '../contacts/store.ts';
import { mayConfirm } from '../contacts/suppression.ts';
import { now } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { write } from '../platform/table.ts';
import type { VersionedForm } from '../settings/form.ts';
import { grantRequest } from '../signup/grant.ts';
import { askedAt } from '../signup/pending.ts';
import type { Ending, Progress } from '../signup/pending.ts';
import { demandsClick, planMail } from '../signup/plan.ts';
import { advance } from '../signup/store.ts';
import { claimMailbox } from './claim-mailbox.ts';
import { dispatch, mailEvidenceOf } from './dispatch.ts';
import type { Attempted } from './dispatch.ts';
import { formSlot } from './form-brake.ts';
import { nextTry } from './next-try.ts';
import { renderSignupMail } from './render-signup-mail.ts';
import type { SignupMail } from './render-signup-mail.ts';
import { toSendId } from './send-id.ts';
import { end, giveUp, move, nextDueWith } from './signup-case.ts';
import type { Case } from './signup-case.ts';

type Planned = Pick<SignupMail, 'form' | 'uses' | 'plan' | 'contact'> & {
  /** The one mail that a hard-bounced address may get (DOMAIN 2). */
  retry: boolean;
};
type Sending = Extract<Progress, { state: 'sending' }>;

/**
 * Claims, renders and sends the mail that answers a request; limits and suppression may keep it back.
 * @returns whether a confirmed opt-in may be due now
 */
export async function sendConfirmation(item: Case): Promise<boolean> {
  const { deps, brand, pending, request, requestId, progress } = item;
  const planned = await planRequest(item);
  if (typeof planned === 'string') {
    await (planned === 'failed' ? giveUp(item) : end(item, planned));
    return false;
  }
  if (!(await mayGoNow(item, planned.form))) return false;
  const rendered = await renderSignupMail(deps, { ...planned, brand, request, requestId, pending });
  const sending: Sending = {
    state: 'sending',
    plan: planned.plan,
    mail: mailEvidenceOf(rendered),
    ...nextTry(progress),
    ...asked(progress),
  };
  if (!(await write(deps.db, advance(pending, requestId, progress, sending)))) return false;
  if (planned.retry) {
    await tellAddress(deps.db, pending.controller, pending.addressKey, { kind: 'retry', at: now() });
  }
  const { addressKey, brand: brandId } = pending;
  const letter = {
    brand,
    to: request.address,
    rendered,
    purpose: 'confirmation',
    sendId: toSendId({ kind: 'signup', brand: brandId, addressKey, requestId }),
  };
  await settle({ ...item, progress: sending }, sending, await dispatch(deps, letter, sending.attempt));
  return planned.plan.accept.length > 0;
}

/** What the mail would be, or how the request ends without one. */
async function planRequest(item: Case): Promise<Planned | Ending> {
  const { deps, brand, pending, request, progress } = item;
  const form = await deps.settings.form(request.form.id);
  if (!form) return 'failed';
  const pointer = await readAddress(deps.db, pending.controller, pending.addressKey);
  const mailable = mayConfirm(pointer?.suppression, now());
  if (!mailable.allowed) return 'suppressed';
  const contact = pointer?.contactId ? await readContact(deps.db, pointer.contactId) : undefined;
  const uses = await deps.settings.uses(brand.controller.id);
  // A competitor waits for one of us (DOMAIN 4): no mail may say "registered" before.
  const company = await companyOf(deps.db, pending.controller, request.address, contact);
  const demandClick = demandsClick(pointer) || company?.class === 'competitor';
  const plan = planMail({ brand, form, uses, request, contact, demandClick });
  // Meanwhile confirmed by an earlier mail: another one would only bother the owner.
  if (plan.kind === 'already-registered' && progress?.state === 'deferred') return 'answered';
  return { form, uses, plan, contact, retry: mailable.retry };
}

/** Whether the limits of form and mailbox let a mail go now; else the request is moved to when they do (T7). */
async function mayGoNow(item: Case, form: VersionedForm): Promise<boolean> {
  const { deps, pending, request, requestId, progress } = item;
  const limits = await deps.settings.limits();
  const at = now();
  const slot = progress === undefined ? await formSlot(deps.db, form.id, at, limits) : at;
  // One claim however many attempts it takes; a new mail asked for on the expired page is a new claim.
  const ref = `${requestId}.${askedAt(request, progress)}`;
  const claim =
    slot > at
      ? { claimed: false as const, until: slot }
      : await claimMailbox(deps.db, pending, ref, at, limits);
  if (claim.claimed) return true;
  await move(item, { state: 'deferred', until: claim.until, ...asked(progress) });
  return false;
}

/** Writes down how the attempt ended. After `unsure` nothing is known, and the marker stays (S7). */
async function settle(item: Case, sending: Sending, outcome: Attempted): Promise<void> {
  const { plan, mail, attempt, unsure } = sending;
  switch (outcome.kind) {
    case 'accepted': {
      const sent = { ...mail, messageId: outcome.messageId, sentAt: outcome.at };
      return plan.kind === 'already-registered'
        ? end(item, 'answered')
        : move(item, { state: 'sent', plan, mail: sent });
    }
    case 'retry':
      return move(item, { state: 'retry', until: outcome.until, attempt, unsure, ...asked(sending) });
    case 'failed':
      return giveUp(item);
    case 'unsure':
      return;
  }
}

function asked(progress: Progress | undefined): { askedAt?: Instant } {
  return progress && 'askedAt' in progress && progress.askedAt ? { askedAt: progress.askedAt } : {};
}

/** Confirmed opt-in: SES has accepted the mail, so the uses that need no click are granted (DOMAIN 3). */
export async function grantAccepted(item: Case): Promise<void> {
  const { deps, brand, pending, requestId, request, progress } = item;
  if (progress?.state !== 'sent') return;
  const granted = await grantRequest(deps, {
    pending,
    requestId,
    request,
    brand,
    uses: await deps.settings.uses(brand.controller.id),
    wanted: progress.plan.accept,
    mail: progress.mail,
    also: (made) => [
      advance(
        pending,
        requestId,
        progress,
        { ...progress, granted: made },
        { dueAt: nextDueWith(item, { ...progress, granted: made }) },
      ),
    ],
  });
  // Lost race: the item stays due and is looked at again.
  if (granted?.kind === 'nothing') await move(item, { ...progress, plan: { ...progress.plan, accept: [] } });
}
