import { readAddress, readContact, tellAddress } from '../contacts/store.ts';
import { mayConfirm } from '../contacts/suppression.ts';
import { now } from '../platform/clock.ts';
import { write } from '../platform/table.ts';
import { grantRequest } from '../signup/grant.ts';
import { askedAt } from '../signup/pending.ts';
import type { Progress } from '../signup/pending.ts';
import { demandsClick, planMail } from '../signup/plan.ts';
import { advance } from '../signup/store.ts';
import { claimMailbox } from './claim-mailbox.ts';
import { dispatch, mailEvidenceOf } from './dispatch.ts';
import { formSlot } from './form-brake.ts';
import { renderSignupMail } from './render-signup-mail.ts';
import { toSendId } from './send-id.ts';
import { end, giveUp, move, nextDueWith } from './signup-case.ts';
import type { Case } from './signup-case.ts';

/** Claims, renders and sends the mail that answers a request; limits and suppression may keep it back. */
export async function sendConfirmation(item: Case): Promise<void> {
  const { deps, brand, pending, request, requestId, progress } = item;
  const at = now();
  const form = await deps.settings.form(request.form.id);
  const uses = await deps.settings.uses(brand.controller.id);
  const limits = await deps.settings.limits();
  if (!form) return giveUp(item);
  const pointer = await readAddress(deps.db, pending.controller, pending.addressKey);
  const mailable = mayConfirm(pointer?.suppression, at);
  if (!mailable.allowed) return end(item, 'suppressed');
  const contact = pointer?.contactId ? await readContact(deps.db, pointer.contactId) : undefined;
  const plan = planMail({ brand, form, uses, request, contact, demandClick: demandsClick(pointer) });
  // Meanwhile confirmed by an earlier mail: another one would only bother the owner.
  if (plan.kind === 'already-registered' && progress?.state === 'deferred') return end(item, 'answered');

  if (progress === undefined) {
    const slot = await formSlot(deps.db, form.id, at, limits);
    if (slot > at) return move(item, { state: 'deferred', until: slot });
  }
  const again = progress && 'askedAt' in progress ? { askedAt: progress.askedAt } : {};
  // One claim however many attempts it takes; a new mail asked for on the expired page is a new claim.
  const ref = `${requestId}.${askedAt(request, progress)}`;
  const claim = await claimMailbox(deps.db, pending, ref, at, limits);
  if (!claim.claimed) return move(item, { state: 'deferred', until: claim.until, ...again });

  const rendered = await renderSignupMail(deps, {
    brand,
    form,
    uses,
    request,
    requestId,
    plan,
    contact,
    pending,
  });
  const attempt = progress && 'attempt' in progress ? progress.attempt + 1 : 1;
  const unsure =
    progress?.state === 'sending' ? progress.unsure + 1 : progress?.state === 'retry' ? progress.unsure : 0;
  const sending = {
    state: 'sending',
    plan,
    mail: mailEvidenceOf(rendered),
    attempt,
    unsure,
    ...again,
  } as const satisfies Progress;
  if (!(await write(deps.db, advance(pending, requestId, progress, sending)))) return;
  if (mailable.retry)
    await tellAddress(deps.db, pending.controller, pending.addressKey, { kind: 'retry', at });

  const { addressKey, brand: brandId } = pending;
  const outcome = await dispatch(
    deps,
    {
      brand,
      to: request.address,
      rendered,
      purpose: 'confirmation',
      sendId: toSendId({ kind: 'signup', brand: brandId, addressKey, requestId }),
    },
    attempt,
  );
  const from: Case = { ...item, progress: sending };
  switch (outcome.kind) {
    case 'accepted': {
      const mail = { ...sending.mail, messageId: outcome.messageId, sentAt: outcome.at };
      return plan.kind === 'already-registered'
        ? end(from, 'answered')
        : move(from, { state: 'sent', plan, mail });
    }
    case 'retry':
      return move(from, {
        state: 'retry',
        until: outcome.until,
        attempt,
        unsure,
        ...again,
      });
    case 'failed':
      return giveUp(from);
    case 'unsure':
      return;
  }
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
