import type { Context } from 'hono';

import { maskAddress } from '../../shared/contacts/email-address.ts';
import { now } from '../../shared/platform/clock.ts';
import { eraseContact } from '../../shared/retention/erase.ts';
import { previewErasure, whatStays } from '../../shared/retention/erase-preview.ts';
import { pageContext } from '../assets.ts';
import { profileFrame } from '../components/profile-nav.tsx';
import type { WebEnv } from '../request.ts';
import { createApp, only, page } from '../respond.tsx';
import { freshly } from './fresh.tsx';
import { ErasePage, ErasedPage } from './pages/erase-page.tsx';
import type { ProfileAppDeps } from './profile-deps.ts';
import { sessionEnded } from './session-ended.tsx';
import { acting, dropSession, visitContext, visiting } from './session.ts';
import type { Visit } from './session.ts';

/** Being forgotten: first what it means, then a second act (D4). */
export function createEraseApp(deps: ProfileAppDeps) {
  const app = createApp();
  app.get(
    '/rights/erase',
    visiting(
      deps,
      freshly(deps, 'rights', (c, visit) => show(c, deps, visit, false)),
    ),
  );
  app.post(
    '/rights/erase',
    acting(
      deps,
      freshly(deps, 'rights', (c, visit, { sure }: { sure?: string | undefined }) =>
        sure === 'on' ? erase(c, deps, visit) : show(c, deps, visit, true),
      ),
    ),
  );
  app.all('/rights/erase', only('GET', 'HEAD', 'POST'));
  return app;
}

async function show(c: Context<WebEnv>, deps: ProfileAppDeps, visit: Visit, unsure: boolean) {
  const frame = await profileFrame(c, deps, visit, 'rights');
  const { goes, stays } = await previewErasure(deps, visit.contact, now());
  return page(
    c,
    frame.context.language,
    <ErasePage frame={frame} goes={goes} stays={stays} unsure={unsure} />,
    unsure ? 422 : 200,
  );
}

async function erase(c: Context<WebEnv>, deps: ProfileAppDeps, visit: Visit) {
  const { contact, brand } = visit;
  const { language } = visitContext(c, visit);
  const outcome = await eraseContact(deps, {
    contactId: contact.id,
    controller: contact.controller,
    requestedBy: 'person',
    actor: { kind: 'person' },
    at: now(),
  });
  dropSession(c, deps);
  if (outcome.kind !== 'erased') return sessionEnded(c);
  const { kept, addressKeys, erasedAt } = outcome.erased;
  return page(
    c,
    language,
    <ErasedPage
      context={pageContext(brand, language)}
      maskedAddress={maskAddress(contact.address)}
      erasedAt={erasedAt}
      stays={whatStays(kept, addressKeys.length > 0)}
    />,
  );
}
