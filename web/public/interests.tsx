import type { Context } from 'hono';

import { splitPermissionKey } from '../../shared/contacts/contact.ts';
import { now } from '../../shared/platform/clock.ts';
import { explainScore } from '../../shared/scoring/explain.ts';
import { choicesUrlOf, profileFrame } from '../components/profile-nav.tsx';
import type { WebEnv } from '../request.ts';
import { createApp, only, page } from '../respond.tsx';
import { InterestsPage } from './pages/interests-page.tsx';
import { visiting } from './session.ts';
import type { Visit, VisitDeps } from './session.ts';

/** What we conclude from what a person does, and how: for them to see and to switch off (G15). */
export function createInterestsApp(deps: VisitDeps) {
  const app = createApp();
  app.get(
    '/interests',
    visiting(deps, (c, visit) => show(c, deps, visit)),
  );
  app.all('/interests', only('GET', 'HEAD'));
  return app;
}

async function show(c: Context<WebEnv>, deps: VisitDeps, visit: Visit) {
  const { contact } = visit;
  const at = now();
  const found = await explainScore(deps, contact, { at, now: at });
  const uses = await deps.settings.uses(contact.controller);
  const frame = await profileFrame(c, deps, visit, 'history');
  const { language } = frame.context;
  const allowedTo = { contact, brand: { id: brandAllowed(visit) } };
  const offUrl = `${await choicesUrlOf(deps, allowedTo, language)}#use-profiling`;
  return page(c, language, <InterestsPage frame={frame} found={found} uses={uses} offUrl={offUrl} />);
}

/** It ends with a brand that it was allowed to, which may be another than the one whose pages these are. */
function brandAllowed({ contact, brand }: Visit): string {
  const allowed = Object.entries(contact.permissions)
    .filter(([, { status }]) => status === 'granted')
    .map(([place]) => splitPermissionKey(place))
    .filter(({ use }) => use === 'profiling')
    .map((place) => place.brand);
  return allowed.includes(brand.id) ? brand.id : (allowed[0] ?? brand.id);
}
