import type { Context, Hono } from 'hono';

import { maskAddress, parseEmailAddress } from '../../shared/contacts/email-address.ts';
import { now } from '../../shared/platform/clock.ts';
import { requestNewAddress } from '../../shared/outbox/request-new-address.ts';
import { confirmNewAddress, viewNewAddress } from '../../shared/preferences/new-address.ts';
import type { OpenChange } from '../../shared/preferences/new-address.ts';
import type { Brand } from '../../shared/settings/brand.ts';
import { chooseLanguage } from '../../shared/settings/language.ts';
import { pageNonce } from '../../shared/signup/links.ts';
import { neutralContext, pageContext } from '../assets.ts';
import { inLanguages } from '../components/layout.tsx';
import { profileFrame } from '../components/profile-nav.tsx';
import { readerLanguage, visitor } from '../request.ts';
import type { WebEnv } from '../request.ts';
import { explain, only, page, unknownLink } from '../respond.tsx';
import { freshly } from './fresh.tsx';
import { NewAddressForm, NewAddressOutcomePage, NewAddressPage } from './pages/new-address-pages.tsx';
import type { AddressFault, AddressOutcome } from './pages/new-address-pages.tsx';
import type { ProfileAppDeps } from './profile-deps.ts';
import { readFields } from './read-fields.ts';
import { acting, visiting } from './session.ts';
import type { Visit } from './session.ts';

/** Another e-mail address: asked for after a log-in, confirmed in the new mailbox, told to the old one (D3). */
export function addAddressRoutes(app: Hono<WebEnv>, deps: ProfileAppDeps): void {
  app.get(
    '/profile/address',
    visiting(
      deps,
      freshly(deps, 'profile', (c, visit) => ask(c, deps, visit)),
    ),
  );
  app.post(
    '/profile/address',
    acting(
      deps,
      freshly(deps, 'profile', (c, visit, fields: { email?: string | undefined }) =>
        request(c, deps, visit, fields.email?.trim() ?? ''),
      ),
    ),
  );
  app.get('/address/:token', async (c) => {
    const view = await viewNewAddress(deps, c.req.param('token'));
    if (!view) return unknownLink(c);
    return view.kind === 'open'
      ? show(c, deps, view, c.req.param('token'))
      : finish(c, view.brand, { kind: 'closed' });
  });
  app.post('/address/:token', async (c) => {
    const posted = await readFields(c);
    if (!posted.ok) return explain(c, posted.status);
    const token = c.req.param('token');
    const pageNonce = posted.fields['page'] ?? '';
    const outcome = await confirmNewAddress(deps, { token, pageNonce, ...visitor(c) });
    switch (outcome?.kind) {
      case undefined:
        return unknownLink(c);
      case 'show-page':
        return c.redirect(`/address/${encodeURIComponent(token)}${new URL(c.req.url).search}`, 303);
      case 'changed':
        return finish(c, outcome.brand, {
          kind: 'changed',
          maskedAddress: maskAddress(outcome.contact.address),
        });
      case 'taken':
      case 'closed':
        return finish(c, outcome.brand, { kind: outcome.kind });
    }
  });
  app.all('/profile/address', only('GET', 'HEAD', 'POST'));
  app.all('/address/:token', only('GET', 'HEAD', 'POST'));
}

async function ask(
  c: Context<WebEnv>,
  deps: ProfileAppDeps,
  visit: Visit,
  typed = '',
  fault?: AddressFault,
  asked?: string,
) {
  const frame = await profileFrame(c, deps, visit, 'profile');
  const present = maskAddress(visit.contact.address);
  return page(
    c,
    frame.context.language,
    <NewAddressForm frame={frame} present={present} typed={typed} fault={fault} asked={asked} />,
    fault === 'too-many' ? 429 : fault ? 422 : 200,
  );
}

async function request(c: Context<WebEnv>, deps: ProfileAppDeps, visit: Visit, typed: string) {
  const parsed = parseEmailAddress(typed);
  if (!parsed.ok) return ask(c, deps, visit, typed, parsed.code);
  const { contact, brand } = visit;
  const frame = await profileFrame(c, deps, visit, 'profile');
  const { language } = frame.context;
  const { address } = parsed;
  const requested = await requestNewAddress(deps, { contact, brand, language, address, at: now() });
  return requested.kind === 'asked'
    ? ask(c, deps, visit, '', undefined, address.delivery)
    : ask(c, deps, visit, typed, requested.kind);
}

async function show(
  c: Context<WebEnv>,
  deps: ProfileAppDeps,
  { brand, asked, contact }: OpenChange,
  token: string,
) {
  const language = chooseLanguage(c.req.query('lang'), undefined, asked.language);
  const context = { ...pageContext(brand, language), alternates: inLanguages(`/address/${token}`) };
  return page(
    c,
    language,
    <NewAddressPage
      context={context}
      from={maskAddress(contact.address)}
      to={maskAddress(asked.change.address)}
      action={`/address/${token}?lang=${language}`}
      pageNonce={pageNonce(await deps.secrets.linkKeys(), token)}
    />,
  );
}

function finish(c: Context<WebEnv>, brand: Brand | undefined, outcome: AddressOutcome) {
  const language = readerLanguage(c, brand?.language);
  const context = brand ? pageContext(brand, language) : neutralContext(language);
  return page(c, language, <NewAddressOutcomePage context={context} outcome={outcome} />);
}
