import type { Context } from 'hono';

import { maskAddress } from '../../shared/contacts/email-address.ts';
import type { Contact } from '../../shared/contacts/contact.ts';
import { readContact } from '../../shared/contacts/store.ts';
import { now } from '../../shared/platform/clock.ts';
import type { Secrets } from '../../shared/platform/secrets.ts';
import { viewChoices } from '../../shared/preferences/shown-choices.ts';
import type { openVolume } from '../../shared/preferences/volume.ts';
import type { Brand } from '../../shared/settings/brand.ts';
import { chooseLanguage } from '../../shared/settings/language.ts';
import type { VersionedForm } from '../../shared/settings/form.ts';
import type { Uses } from '../../shared/settings/uses.ts';
import { pageNonce, readChoicesToken } from '../../shared/signup/links.ts';
import { pageContext } from '../assets.ts';
import { inLanguages } from '../components/layout.tsx';
import type { PageContext } from '../components/layout.tsx';
import { page, unknownLink } from '../respond.tsx';
import type { WebEnv } from '../request.ts';
import { ChoicesPage } from './pages/choices-page.tsx';
import type { ChoicesPageProps } from './pages/choices-page.tsx';
import { ChoicesMessagePage } from './pages/choices-saved-page.tsx';
import type { VisitDeps } from './session.ts';

export type ChoicesAppDeps = VisitDeps & {
  secrets: Pick<Secrets, 'linkKeys' | 'pepper' | 'evidenceMaster'>;
};
export type ChoicesDeps = ChoicesAppDeps & { volumeOf: ReturnType<typeof openVolume> };

/** Whose choices a link opens, and what there is to choose. */
export type Place = {
  token: string;
  brand: Brand;
  uses: Uses;
  form: VersionedForm | undefined;
  contact: Contact;
  context: PageContext;
};

/** Whose choices a link is about, as they are now; the same calm page for every link that is none of ours (T2). */
export async function at(
  c: Context<WebEnv, '/preferences/:token'>,
  deps: ChoicesDeps,
  answer: (place: Place) => Response | Promise<Response>,
): Promise<Response> {
  const token = c.req.param('token');
  const ref = readChoicesToken(await deps.secrets.linkKeys(), token);
  const brand = ref && (await deps.settings.brand(ref.brand));
  if (!ref || !brand) return unknownLink(c);
  const found = await readContact(deps.db, ref.contactId);
  const contact = found?.controller === brand.controller.id ? found : undefined;
  const fallback = contact?.language ?? brand.language;
  const language = chooseLanguage(c.req.query('lang'), undefined, fallback);
  const context = { ...pageContext(brand, language), alternates: inLanguages(`/preferences/${token}`) };
  if (!contact) return page(c, language, <ChoicesMessagePage context={context} kind="nobody" />);
  const [uses, form] = await Promise.all([
    deps.settings.uses(contact.controller),
    brand.preferenceForm === undefined ? undefined : deps.settings.form(brand.preferenceForm),
  ]);
  const own = form?.brand === brand.id ? form : undefined;
  return answer({ token, brand, uses, form: own, contact, context });
}

/** The page as things are now, or as somebody filled it in where something is left to correct. */
export async function show(
  c: Context<WebEnv>,
  deps: ChoicesDeps,
  { token, brand, uses, form, contact, context }: Place,
  more: Partial<Pick<ChoicesPageProps, 'posted' | 'notes' | 'pageNonce'>> = {},
  status: 200 | 422 = 200,
) {
  const { language } = context;
  return page(
    c,
    language,
    <ChoicesPage
      context={context}
      maskedAddress={maskAddress(contact.address)}
      view={viewChoices(contact, { brand, uses, form, language, at: now() })}
      formVersion={form?.version}
      volume={await deps.volumeOf(brand.id)}
      noAdvertisingSince={contact.noAdvertising?.since}
      restrictedSince={contact.restricted?.since}
      action={`/preferences/${token}?lang=${language}`}
      pageNonce={pageNonce(await deps.secrets.linkKeys(), token)}
      {...more}
    />,
    status,
  );
}
