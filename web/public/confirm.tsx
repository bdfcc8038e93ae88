import type { Context } from 'hono';

import { maskAddress } from '../../shared/contacts/email-address.ts';
import { chooseLanguage } from '../../shared/settings/language.ts';
import type { Settings } from '../../shared/settings/store.ts';
import { confirmSignup, viewConfirmation } from '../../shared/signup/confirm.ts';
import type { ClosedRequest, ConfirmDeps, OpenRequest } from '../../shared/signup/confirm.ts';
import { describeUses } from '../../shared/signup/items.ts';
import { choicesToken, pageNonce } from '../../shared/signup/links.ts';
import { askedUses } from '../../shared/signup/plan.ts';
import { rejectSignup } from '../../shared/signup/reject.ts';
import { resendConfirmation } from '../../shared/signup/resend.ts';
import { pageContext } from '../assets.ts';
import { inLanguages } from '../components/layout.tsx';
import { readerLanguage, visitor } from '../request.ts';
import { createApp, explain, only, page, unknownLink } from '../respond.tsx';
import type { WebEnv } from '../request.ts';
import { ConfirmOutcomePage } from './pages/confirm-outcome-page.tsx';
import type { ConfirmOutcome } from './pages/confirm-outcome-page.tsx';
import { ConfirmPage } from './pages/confirm-page.tsx';
import { readFields } from './read-fields.ts';

export type ConfirmAppDeps = ConfirmDeps & { settings: Settings };

/** The confirmation link: a page that changes nothing, and three buttons that do (T1). */
export function createConfirmApp(deps: ConfirmAppDeps) {
  const app = createApp();
  app.get('/confirm/:token', async (c) => {
    const view = await viewConfirmation(deps, c.req.param('token'));
    return view.kind === 'open' ? showRequest(c, deps, view) : showClosed(c, deps, view);
  });
  app.post('/confirm/:token', async (c) => {
    const posted = await readFields(c);
    if (!posted.ok) return explain(c, posted.status);
    const outcome = await confirmSignup(deps, toAct(c, posted.fields));
    switch (outcome.kind) {
      case 'show-page':
        return backToPage(c);
      case 'confirmed':
        return showConfirmed(c, deps, outcome);
      case 'already-confirmed':
      case 'expired':
      case 'rejected':
      case 'under-review':
      case 'withdrawn-meanwhile':
      case 'unknown':
        return showClosed(c, deps, outcome);
    }
  });
  app.post('/confirm/:token/not-me', async (c) => {
    const posted = await readFields(c);
    if (!posted.ok) return explain(c, posted.status);
    const outcome = await rejectSignup(deps, toAct(c, posted.fields));
    return outcome.kind === 'show-page' ? backToPage(c) : showClosed(c, deps, outcome);
  });
  app.post('/confirm/:token/resend', async (c) => {
    const posted = await readFields(c);
    if (!posted.ok) return explain(c, posted.status);
    const outcome = await resendConfirmation(deps, toAct(c, posted.fields));
    switch (outcome.kind) {
      case 'show-page':
        return backToPage(c);
      case 'resent':
        return answer(c, outcome, { kind: 'resent', senderAddress: outcome.brand.sender.address });
      case 'open':
        return showRequest(c, deps, outcome);
      case 'already-confirmed':
      case 'expired':
      case 'rejected':
      case 'under-review':
      case 'withdrawn-meanwhile':
      case 'unknown':
        return showClosed(c, deps, outcome);
    }
  });
  app.all('/confirm/:token', only('GET', 'HEAD', 'POST'));
  // A page reloaded after its button was pressed: back to what is true now.
  app.get('/confirm/:token/not-me', backToPage);
  app.get('/confirm/:token/resend', backToPage);
  app.all('/confirm/:token/not-me', only('POST'));
  app.all('/confirm/:token/resend', only('POST'));
  return app;
}

function toAct(c: Context<WebEnv, '/confirm/:token'>, { page = '' }: { page?: string | undefined }) {
  return { token: c.req.param('token'), pageNonce: page, ...visitor(c) };
}

/** For a button that was pressed without its page, or long after: the page once more. */
function backToPage(c: Context<WebEnv, '/confirm/:token'>) {
  // Decoded, a made-up token may hold what no header can.
  const path = `/confirm/${encodeURIComponent(c.req.param('token'))}`;
  return c.redirect(`${path}${new URL(c.req.url).search}`, 303);
}

async function showRequest(c: Context<WebEnv>, deps: ConfirmAppDeps, view: OpenRequest) {
  const { brand, request, ref } = view;
  const language = chooseLanguage(c.req.query('lang'), undefined, request.language);
  const links = await deps.secrets.linkKeys();
  const token = c.req.param('token') ?? '';
  const form = await deps.settings.form(ref.form);
  const uses = await deps.settings.uses(brand.controller.id);
  const items = askedUses(uses, request).map((use) => ({
    use,
    wording: request.uses[use],
    topics: request.topics,
  }));
  return page(
    c,
    language,
    <ConfirmPage
      context={{ ...pageContext(brand, language), alternates: inLanguages(`/confirm/${token}`) }}
      maskedAddress={maskAddress(request.address)}
      signedUpAt={request.at}
      formTitle={form?.title[language] ?? brand.name}
      items={await describeUses(deps.settings, uses, language, items)}
      pageNonce={pageNonce(links, token)}
      action={`/confirm/${token}?lang=${language}`}
      notMeAction={`/confirm/${token}/not-me?lang=${language}`}
    />,
  );
}

async function showConfirmed(
  c: Context<WebEnv>,
  deps: ConfirmAppDeps,
  outcome: Extract<Awaited<ReturnType<typeof confirmSignup>>, { kind: 'confirmed' }>,
) {
  const { brand, granted, review, contactId } = outcome;
  const language = readerLanguage(c, brand.language);
  const uses = await deps.settings.uses(brand.controller.id);
  const names = (ids: string[]) =>
    uses.uses.filter(({ id }) => ids.includes(id)).map(({ name }) => name[language]);
  return answer(c, outcome, {
    kind: 'confirmed',
    maskedAddress: maskAddress(outcome.address),
    items: names(granted),
    reviewItems: names(review),
    choicesUrl: await choicesUrl(deps, contactId, brand.id),
  });
}

/** A link that cannot confirm (any more): what is true now, and what can be done. */
async function showClosed(c: Context<WebEnv>, deps: ConfirmAppDeps, view: ClosedRequest) {
  if (view.kind === 'unknown') return unknownLink(c);
  const formUrl = `/forms/${view.ref.form}`;
  switch (view.kind) {
    case 'already-confirmed': {
      const url = await choicesUrl(deps, view.contactId, view.brand.id);
      return answer(c, view, { kind: 'already-confirmed', confirmedAt: view.at, choicesUrl: url });
    }
    case 'expired': {
      const token = c.req.param('token') ?? '';
      const nonce = pageNonce(await deps.secrets.linkKeys(), token);
      const action = `/confirm/${token}/resend?lang=${readerLanguage(c, view.brand.language)}`;
      const resend = view.canResend ? { resendAction: action, pageNonce: nonce } : {};
      return answer(c, view, { kind: 'expired', formUrl, ...resend });
    }
    case 'withdrawn-meanwhile':
      return answer(c, view, { kind: 'withdrawn-meanwhile', formUrl });
    case 'rejected':
    case 'under-review':
      return answer(c, view, { kind: view.kind });
  }
}

function answer(c: Context<WebEnv>, { brand }: { brand: OpenRequest['brand'] }, outcome: ConfirmOutcome) {
  const language = readerLanguage(c, brand.language);
  return page(c, language, <ConfirmOutcomePage context={pageContext(brand, language)} outcome={outcome} />);
}

async function choicesUrl(deps: ConfirmAppDeps, contactId: string, brand: string) {
  return `/preferences/${choicesToken(await deps.secrets.linkKeys(), { contactId, brand })}`;
}
