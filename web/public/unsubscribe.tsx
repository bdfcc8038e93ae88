import type { Context } from 'hono';

import { maskAddress } from '../../shared/contacts/email-address.ts';
import { HOUR, now, plus } from '../../shared/platform/clock.ts';
import type { EvidenceEntry, Route } from '../../shared/permission/evidence.ts';
import type { Scope } from '../../shared/permission/scope.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import type { Withdrawn } from '../../shared/permission/withdraw.ts';
import { UNDO_ON_PAGE, pageNonce, readPageNonce, undoToken } from '../../shared/signup/links.ts';
import { topicsText } from '../texts/topics-text.ts';
import { visitor } from '../request.ts';
import { createApp, explain, only, page, unknownLink } from '../respond.tsx';
import type { WebEnv } from '../request.ts';
import { UnsubscribePage } from './pages/unsubscribe-page.tsx';
import { UnsubscribedPage } from './pages/unsubscribed-page.tsx';
import { describeRestored } from './describe-restored.ts';
import { readFields } from './read-fields.ts';
import { addUndoRoutes } from './undo.tsx';
import {
  isLeftAlone,
  linkContext,
  readLink,
  scopeNames,
  toScope,
  wayOuts,
  withContact,
} from './unsubscribe-link.ts';
import type { BareLink, Link, UnsubscribeAppDeps } from './unsubscribe-link.ts';

const REASONS = new Set(['too-many', 'not-relevant', 'never-asked', 'other']);

/** Unsubscribing: by one click of a mail program (RFC 8058), or on a page with one button (U3–U10). */
export function createUnsubscribeApp(deps: UnsubscribeAppDeps) {
  const app = createApp();
  app.get('/unsubscribe/:token', async (c) => {
    const link = await readLink(deps, c.req.param('token'));
    return link ? show(c, deps, await withContact(deps, link)) : unknownLink(c);
  });
  app.post('/unsubscribe/:token', async (c) => {
    const link = await readLink(deps, c.req.param('token'));
    if (!link) return unknownLink(c);
    const posted = await readFields(c);
    if (!posted.ok) return explain(c, posted.status);
    const { fields } = posted;
    if (fields['List-Unsubscribe'] === 'One-Click') {
      await act(c, deps, link, { kind: 'uses', uses: [link.ref.use] }, 'one-click');
      return c.body(null, 200);
    }
    const shownAt = readPageNonce(await deps.secrets.linkKeys(), link.token, fields.page ?? '', 24 * HOUR);
    const scope = toScope(fields.scope, link);
    if (!shownAt || !scope) return show(c, deps, await withContact(deps, link));
    const reason = REASONS.has(fields.reason ?? '') ? fields.reason : undefined;
    return showDone(c, deps, link, scope, await act(c, deps, link, scope, 'unsubscribe-page', reason));
  });
  app.all('/unsubscribe/:token', only('GET', 'HEAD', 'POST'));
  addUndoRoutes(app, deps);
  return app;
}

function act(
  c: Context<WebEnv>,
  deps: UnsubscribeAppDeps,
  { ref, brand }: BareLink,
  scope: Scope,
  route: Route,
  reason?: string,
): Promise<Withdrawn> {
  const { contactId } = ref;
  return withdraw(deps, { contactId, brand, scope, route, reason, actor: { kind: 'person' }, ...visitor(c) });
}

async function show(c: Context<WebEnv>, deps: UnsubscribeAppDeps, link: Link) {
  const context = linkContext(c, link);
  if (!link.contact || isLeftAlone(link.contact)) return showAlready(c, link);
  const choices = wayOuts(link, context.language);
  return page(
    c,
    context.language,
    <UnsubscribePage
      context={context}
      maskedAddress={maskAddress(link.contact.address)}
      choices={choices}
      selected={choices.some(({ value }) => value === 'use') ? 'use' : 'brand'}
      action={`/unsubscribe/${link.token}?lang=${context.language}`}
      pageNonce={pageNonce(await deps.secrets.linkKeys(), link.token)}
    />,
  );
}

function showAlready(c: Context<WebEnv>, link: Link) {
  const context = linkContext(c, link);
  const maskedAddress = maskAddress(link.contact?.address);
  return page(
    c,
    context.language,
    <UnsubscribedPage context={context} maskedAddress={maskedAddress} gone={[]} all={false} already />,
  );
}

/** What is true now. Only the answer to the act itself carries the way back; a repeated post has none. */
async function showDone(
  c: Context<WebEnv>,
  deps: UnsubscribeAppDeps,
  bare: BareLink,
  scope: Scope,
  done: Withdrawn,
) {
  const link = { ...bare, contact: done.kind === 'unknown' ? undefined : done.contact };
  if (done.kind !== 'withdrawn') return showAlready(c, link);
  const context = linkContext(c, link);
  const { entry, contact } = done;
  const lost = entry.changes.filter(({ from }) => from === 'granted');
  const items = await describeRestored(deps, link.uses, context.language, contact, lost);
  const ended = lastTopic(scope, entry) ?? scope;
  const until = plus(now(), UNDO_ON_PAGE);
  const ref = { contactId: contact.id, brand: link.brand.id, seq: entry.seq, until };
  const undo = {
    action: `/unsubscribe/${link.token}/undo?lang=${context.language}`,
    token: undoToken(await deps.secrets.linkKeys(), 'undo', ref),
    wordings: items.map((item) =>
      `${item.wording || item.name} ${topicsText(item, context.language)}`.trim(),
    ),
  };
  return page(
    c,
    context.language,
    <UnsubscribedPage
      context={context}
      maskedAddress={maskAddress(contact.address)}
      gone={scopeNames(ended, link, context.language)}
      all={scope.kind === 'all'}
      already={false}
      undo={lost.length > 0 ? undo : undefined}
    />,
  );
}

/** Leaving the last topic of a use leaves the use, and the page says so. */
function lastTopic(scope: Scope, { changes }: EvidenceEntry): Scope | undefined {
  const whole = scope.kind === 'topic' && changes.some(({ to }) => to === 'withdrawn');
  return whole ? { kind: 'uses', uses: [scope.use] } : undefined;
}
