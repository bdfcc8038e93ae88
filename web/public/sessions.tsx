import type { Context, Hono } from 'hono';

import { now } from '../../shared/platform/clock.ts';
import { endAllSessions, endSession, listSessions } from '../../shared/preferences/session-store.ts';
import { pageContext } from '../assets.ts';
import { profileFrame } from '../components/profile-nav.tsx';
import type { WebEnv } from '../request.ts';
import { only, page } from '../respond.tsx';
import { LoggedOutPage, SessionsPage } from './pages/sessions-page.tsx';
import { acting, dropSession, visitContext, visiting } from './session.ts';
import type { Visit, VisitDeps } from './session.ts';

/** Where somebody is logged in, and the ways out (T5). */
export function addSessionRoutes(app: Hono<WebEnv>, deps: VisitDeps): void {
  app.get(
    '/sessions',
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
    '/sessions/end',
    acting(deps, async (c, visit) => {
      await endSession(deps.db, visit.session);
      return leave(c, deps, visit, false);
    }),
  );
  app.post(
    '/sessions/end-all',
    acting(deps, async (c, visit) => {
      await endAllSessions(deps.db, visit.contact.id);
      return leave(c, deps, visit, true);
    }),
  );
  app.all('/sessions', only('GET', 'HEAD'));
  app.all('/sessions/end', only('POST'));
  app.all('/sessions/end-all', only('POST'));
}

function leave(c: Context<WebEnv>, deps: VisitDeps, visit: Visit, everywhere: boolean) {
  const { language } = visitContext(c, visit);
  dropSession(c, deps);
  return page(
    c,
    language,
    <LoggedOutPage context={pageContext(visit.brand, language)} everywhere={everywhere} />,
  );
}
