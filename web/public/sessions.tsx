import type { Context, Hono } from 'hono';

import { now } from '../../shared/platform/clock.ts';
import { endAllSessions, endSession, listSessions } from '../../shared/preferences/session-store.ts';
import { pageContext } from '../assets.ts';
import { profileFrame } from '../components/profile-nav.tsx';
import type { WebEnv } from '../request.ts';
import { only, page } from '../respond.tsx';
import { LoggedOutPage, SessionsPage } from './pages/sessions-page.tsx';
import type { ProfileAppDeps } from './profile-deps.ts';
import { acting, dropSession, visitContext, visiting } from './session.ts';
import type { Visit } from './session.ts';

/** Where somebody is logged in, and the ways out (T5). */
export function addSessionRoutes(app: Hono<WebEnv>, deps: ProfileAppDeps): void {
  app.get(
    '/profile/sessions',
    visiting(deps, async (c, visit) => {
      const frame = await profileFrame(c, deps, visit, 'sessions');
      const sessions = await listSessions(deps.db, visit.contact.id, now());
      const { language } = frame.context;
      return page(
        c,
        language,
        <SessionsPage frame={frame} sessions={sessions} current={visit.session.hash} />,
      );
    }),
  );
  app.post(
    '/profile/log-out',
    acting(deps, async (c, visit) => {
      await endSession(deps.db, visit.session);
      return leave(c, deps, visit, false);
    }),
  );
  app.post(
    '/profile/log-out-everywhere',
    acting(deps, async (c, visit) => {
      await endAllSessions(deps.db, visit.contact.id);
      return leave(c, deps, visit, true);
    }),
  );
  app.all('/profile/sessions', only('GET', 'HEAD'));
  app.all('/profile/log-out', only('POST'));
  app.all('/profile/log-out-everywhere', only('POST'));
}

function leave(c: Context<WebEnv>, deps: ProfileAppDeps, visit: Visit, everywhere: boolean) {
  const { language } = visitContext(c, visit);
  dropSession(c, deps);
  return page(
    c,
    language,
    <LoggedOutPage context={pageContext(visit.brand, language)} everywhere={everywhere} />,
  );
}
