import type { Context, Hono } from 'hono';

import { readAccount } from '../../shared/contacts/account-store.ts';
import { PROFILE_FIELDS } from '../../shared/contacts/contact.ts';
import { now } from '../../shared/platform/clock.ts';
import type { PostedProfile } from '../../shared/preferences/profile-input.ts';
import { questionsFor } from '../../shared/preferences/questions.ts';
import { saveProfile, valuesOf } from '../../shared/preferences/save-profile.ts';
import { COUNTRY_CODES } from '../components/countries.ts';
import { profileFrame } from '../components/profile-nav.tsx';
import type { WebEnv } from '../request.ts';
import { only, page } from '../respond.tsx';
import { ProfilePage } from './pages/profile-page.tsx';
import type { ProfilePageProps } from './pages/profile-page.tsx';
import type { ProfileAppDeps } from './profile-deps.ts';
import { sessionEnded } from './session-ended.tsx';
import { acting, visiting } from './session.ts';
import type { Visit } from './session.ts';

/** What we hold about a person, to see and to correct (art. 15 and 16 GDPR). */
export function addFieldRoutes(app: Hono<WebEnv>, deps: ProfileAppDeps): void {
  app.get(
    '/profile',
    visiting(deps, (c, visit) => show(c, deps, visit)),
  );
  app.post(
    '/profile',
    acting(deps, async (c, visit, fields) => {
      const posted = readPosted(fields);
      const skip = PROFILE_FIELDS.filter((field) => fields[`skip.${field}`] === 'on');
      const saved = await saveProfile(deps.db, {
        contactId: visit.contact.id,
        posted,
        countries: COUNTRY_CODES,
        skip,
        at: now(),
      });
      switch (saved.kind) {
        case 'saved': {
          const { contact, changed } = saved;
          return show(c, deps, { ...visit, contact }, { saved: { changed, skipped: skip.length > 0 } });
        }
        case 'refused': {
          const { contact, errors } = saved;
          const values = { ...valuesOf(contact), ...posted.typed };
          return show(c, deps, { ...visit, contact }, { values, errors }, 422);
        }
        case 'unknown':
          return sessionEnded(c);
      }
    }),
  );
  app.all('/profile', only('GET', 'HEAD', 'POST'));
}

type Shown = Partial<Pick<ProfilePageProps, 'values' | 'errors' | 'saved'>>;

async function show(
  c: Context<WebEnv>,
  deps: ProfileAppDeps,
  visit: Visit,
  { values, errors = [], saved }: Shown = {},
  status: 200 | 422 = 200,
) {
  const { contact, brand } = visit;
  const frame = await profileFrame(c, deps, visit, 'profile');
  const account = contact.accountId === undefined ? undefined : await readAccount(deps.db, contact.accountId);
  const stored = valuesOf(contact);
  return page(
    c,
    frame.context.language,
    <ProfilePage
      frame={frame}
      contact={contact}
      accountName={account?.name}
      values={values ?? stored}
      shown={stored}
      questions={questionsFor(brand, contact)}
      errors={errors}
      saved={saved}
    />,
    status,
  );
}

function readPosted(fields: Record<string, string | undefined>): PostedProfile {
  const of = (prefix: string) =>
    Object.fromEntries(
      PROFILE_FIELDS.flatMap((field) => {
        const value = fields[`${prefix}${field}`];
        return value === undefined ? [] : [[field, value] as const];
      }),
    );
  return { shown: of('shown.'), typed: of('') };
}
