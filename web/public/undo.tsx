import type { Context, Hono } from 'hono';

import { maskAddress } from '../../shared/contacts/email-address.ts';
import { HOUR, now } from '../../shared/platform/clock.ts';
import type { Contact } from '../../shared/contacts/contact.ts';
import { readContact } from '../../shared/contacts/store.ts';
import type { Change } from '../../shared/permission/evidence.ts';
import { undoWithdrawal, viewUndo } from '../../shared/permission/undo.ts';
import type { Undone } from '../../shared/permission/undo.ts';
import { chooseLanguage } from '../../shared/settings/language.ts';
import { pageNonce, readPageNonce, readUndoToken } from '../../shared/signup/links.ts';
import type { UndoRef } from '../../shared/signup/links.ts';
import { pageContext } from '../assets.ts';
import type { PageContext } from '../components/layout.tsx';
import { visitor } from '../request.ts';
import { explain, only, page, unknownLink } from '../respond.tsx';
import type { WebEnv } from '../request.ts';
import { UndoPage } from './pages/undo-page.tsx';
import { UndoneOutcomePage } from './pages/undone-outcome-page.tsx';
import { readFields } from './read-fields.ts';
import { describeRestored } from './describe-restored.ts';
import { readLink } from './unsubscribe-link.ts';
import type { UnsubscribeAppDeps } from './unsubscribe-link.ts';

/** Ways back: from the answer to an unsubscribe for ten minutes, from the owner's mailbox for seven days. */
export function addUndoRoutes(app: Hono<WebEnv>, deps: UnsubscribeAppDeps): void {
  app.post('/unsubscribe/:token/undo', async (c) => {
    const link = await readLink(deps, c.req.param('token'));
    if (!link) return unknownLink(c);
    const posted = await readFields(c);
    if (!posted.ok) return explain(c, posted.status);
    const ref = readUndoToken(await deps.secrets.linkKeys(), 'undo', posted.fields.undo ?? '');
    return ref?.contactId === link.ref.contactId ? restore(c, deps, ref, 'undo') : unknownLink(c);
  });
  app.get('/undo/:token', async (c) => {
    const ref = readUndoToken(await deps.secrets.linkKeys(), 'undo-mail', c.req.param('token'));
    return ref ? offer(c, deps, ref, c.req.param('token')) : unknownLink(c);
  });
  app.post('/undo/:token', async (c) => {
    const token = c.req.param('token');
    const links = await deps.secrets.linkKeys();
    const ref = readUndoToken(links, 'undo-mail', token);
    if (!ref) return unknownLink(c);
    const posted = await readFields(c);
    if (!posted.ok) return explain(c, posted.status);
    const { page: nonce = '' } = posted.fields;
    if (!readPageNonce(links, token, nonce, 24 * HOUR)) return offer(c, deps, ref, token);
    return restore(c, deps, ref, 'receipt-link');
  });
  app.get('/unsubscribe/:token/undo', (c) =>
    c.redirect(`/unsubscribe/${encodeURIComponent(c.req.param('token'))}`, 303),
  );
  app.all('/unsubscribe/:token/undo', only('POST'));
  app.all('/undo/:token', only('GET', 'HEAD', 'POST'));
}

/** Shows the wording that would be agreed to anew; changes nothing. */
async function offer(c: Context<WebEnv>, deps: UnsubscribeAppDeps, ref: UndoRef, token: string) {
  const context = await contextOf(c, deps, ref);
  if (!context) return unknownLink(c);
  if (now() > ref.until) return finish(c, context, { kind: 'too-late' });
  const view = await viewUndo(deps, ref.contactId, ref.seq);
  if (!view) return finish(c, context, { kind: 'nothing-to-undo' });
  return page(
    c,
    context.language,
    <UndoPage
      context={context}
      maskedAddress={maskAddress(view.contact.address)}
      items={await describe(deps, context, view.contact, view.changes.filter(isAgreement))}
      action={`/undo/${token}?lang=${context.language}`}
      pageNonce={pageNonce(await deps.secrets.linkKeys(), token)}
    />,
  );
}

async function restore(
  c: Context<WebEnv>,
  deps: UnsubscribeAppDeps,
  ref: UndoRef,
  route: 'undo' | 'receipt-link',
) {
  const context = await contextOf(c, deps, ref);
  if (!context) return unknownLink(c);
  if (now() > ref.until) return finish(c, context, { kind: 'too-late' });
  const { contactId, seq } = ref;
  const undone: Undone = await undoWithdrawal(deps, { contactId, seq, route, ...visitor(c) });
  if (undone.kind !== 'restored') return finish(c, context, undone);
  const agreed = undone.entry.changes.filter(isAgreement);
  const items = await describe(deps, context, undone.contact, agreed);
  return finish(c, context, { kind: 'restored', items: items.map(({ name }) => name) });
}

/** Agreed to anew, and not only left again. */
function isAgreement({ from, to, topicsJoined }: Change): boolean {
  return to === 'granted' && (from !== to || topicsJoined !== undefined);
}

function finish(
  c: Context<WebEnv>,
  context: PageContext,
  outcome: Parameters<typeof UndoneOutcomePage>[0]['outcome'],
) {
  return page(c, context.language, <UndoneOutcomePage context={context} outcome={outcome} />);
}

async function contextOf(
  c: Context<WebEnv>,
  deps: UnsubscribeAppDeps,
  ref: UndoRef,
): Promise<PageContext | undefined> {
  const brand = await deps.settings.brand(ref.brand);
  const contact = await readContact(deps.db, ref.contactId);
  if (!brand) return undefined;
  return pageContext(
    brand,
    chooseLanguage(c.req.query('lang'), undefined, contact?.language ?? brand.language),
  );
}

async function describe(
  deps: UnsubscribeAppDeps,
  { brand, language }: PageContext,
  contact: Contact,
  changes: readonly Change[],
) {
  const uses = await deps.settings.uses(brand.controller.id);
  return describeRestored(deps, uses, language, contact, changes);
}
