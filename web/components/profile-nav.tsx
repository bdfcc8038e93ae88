import type { Context } from 'hono';
import type { PropsWithChildren } from 'hono/jsx';

import type { Contact } from '../../shared/contacts/contact.ts';
import type { Language } from '../../shared/settings/language.ts';
import { choicesToken } from '../../shared/signup/links.ts';
import { visitTextsFor } from '../texts/visit-texts.ts';
import { visitContext, visitNonce } from '../public/session.ts';
import type { Visit, VisitDeps } from '../public/session.ts';
import { Button, PageForm } from './form.tsx';
import { Page } from './layout.tsx';
import type { PageContext } from './layout.tsx';

/** The parts of the profile centre, in the order of the navigation. */
export const PLACES = ['profile', 'choices', 'history', 'rights', 'sessions'] as const;
export type Place = (typeof PLACES)[number];

/** What every page behind the log-in shows around its own content. */
export type ProfileFrame = {
  context: PageContext;
  current: Place;
  /** What each of its forms posts as `page`. */
  nonce: string;
  choicesUrl: string;
};

export async function profileFrame(
  c: Context,
  deps: VisitDeps,
  visit: Visit,
  current: Place,
): Promise<ProfileFrame> {
  const context = visitContext(c, visit);
  return {
    context,
    current,
    nonce: await visitNonce(deps, visit),
    choicesUrl: await choicesUrlOf(deps, visit, context.language),
  };
}

/** Where a person chooses what one brand may do. */
export async function choicesUrlOf(
  { secrets }: Pick<VisitDeps, 'secrets'>,
  { contact, brand }: { contact: Pick<Contact, 'id'>; brand: { id: string } },
  language: Language,
): Promise<string> {
  const token = choicesToken(await secrets.linkKeys(), { contactId: contact.id, brand: brand.id });
  return `/preferences/${token}?lang=${language}`;
}

type ProfilePageProps = PropsWithChildren<{ frame: ProfileFrame; title: string }>;

/** A page behind the log-in: where am I, where else can I go, how do I get out. */
export function ProfilePage({ frame, title, children }: ProfilePageProps) {
  const { context, nonce } = frame;
  const texts = visitTextsFor(context.language);
  return (
    <Page context={context} title={title}>
      <ProfileNav frame={frame} />
      <h1>{title}</h1>
      {children}
      <PageForm action={`/sessions/end?lang=${context.language}`} nonce={nonce} class="aside">
        <div class="actions">
          <Button secondary>{texts.logOut}</Button>
        </div>
      </PageForm>
    </Page>
  );
}

function ProfileNav({ frame: { context, current, choicesUrl } }: { frame: ProfileFrame }) {
  const texts = visitTextsFor(context.language);
  const url = (place: Place) =>
    place === 'choices' ? choicesUrl : `${PATHS[place]}?lang=${context.language}`;
  return (
    <nav class="places" aria-label={texts.places}>
      {PLACES.map((place) => (
        <a href={url(place)} aria-current={place === current ? 'page' : undefined}>
          {texts.place[place]}
        </a>
      ))}
    </nav>
  );
}

const PATHS = {
  profile: '/profile',
  history: '/history',
  rights: '/rights',
  sessions: '/sessions',
} as const satisfies Record<Exclude<Place, 'choices'>, string>;
