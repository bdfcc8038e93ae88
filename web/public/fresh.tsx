import type { Context } from 'hono';

import { now } from '../../shared/platform/clock.ts';
import { isFresh } from '../../shared/preferences/session.ts';
import { ProfilePage, profileFrame } from '../components/profile-nav.tsx';
import type { Place } from '../components/profile-nav.tsx';
import { LinkButton } from '../components/outcome.tsx';
import type { WebEnv } from '../request.ts';
import { page } from '../respond.tsx';
import { visitTextsFor } from '../texts/visit-texts.ts';
import type { Visit, VisitDeps } from './session.ts';

type Answer = Response | Promise<Response>;
type Handle<Rest extends unknown[]> = (c: Context<WebEnv>, visit: Visit, ...rest: Rest) => Answer;

/** For what cannot be taken back: a log-in of more than 15 minutes ago is asked to come again (D7). */
export function freshly<Rest extends unknown[]>(
  deps: VisitDeps,
  current: Place,
  handle: Handle<Rest>,
): Handle<Rest> {
  return async (c, visit, ...rest) => {
    if (isFresh(visit.session, now())) return handle(c, visit, ...rest);
    const frame = await profileFrame(c, deps, visit, current);
    const { language, brand } = frame.context;
    const texts = visitTextsFor(language);
    return page(
      c,
      language,
      <ProfilePage frame={frame} title={texts.notFresh}>
        <p class="lead">{texts.notFreshText}</p>
        <LinkButton url={`/preferences?brand=${brand.id}&lang=${language}`} text={texts.again} />
      </ProfilePage>,
      403,
    );
  };
}
