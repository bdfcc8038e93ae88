import type { Context, Hono } from 'hono';

import { maskAddress } from '../../shared/contacts/email-address.ts';
import type { Contact } from '../../shared/contacts/contact.ts';
import { readContact } from '../../shared/contacts/store.ts';
import { HOUR, MINUTE, now, plus } from '../../shared/platform/clock.ts';
import type { Secrets } from '../../shared/platform/secrets.ts';
import type { EvidenceEntry } from '../../shared/permission/evidence.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { undoWithdrawal } from '../../shared/permission/undo.ts';
import { actsOf } from '../../shared/preferences/acts.ts';
import type { Acts } from '../../shared/preferences/acts.ts';
import { askToJoin, joinUses } from '../../shared/preferences/join-uses.ts';
import type { Joined } from '../../shared/preferences/join-uses.ts';
import { saveChoices } from '../../shared/preferences/save-choices.ts';
import { viewChoices } from '../../shared/preferences/shown-choices.ts';
import type { Brand } from '../../shared/settings/brand.ts';
import { chooseLanguage } from '../../shared/settings/language.ts';
import type { VersionedForm } from '../../shared/settings/form.ts';
import type { Uses } from '../../shared/settings/uses.ts';
import {
  pageNonce,
  readChoicesToken,
  readPageNonce,
  readUndoToken,
  undoToken,
} from '../../shared/signup/links.ts';
import { pageContext } from '../assets.ts';
import { inLanguages } from '../components/layout.tsx';
import type { PageContext } from '../components/layout.tsx';
import { visitor } from '../request.ts';
import { explain, only, page, unknownLink } from '../respond.tsx';
import type { WebEnv } from '../request.ts';
import { describeSaved } from './choices-described.ts';
import { readChoices } from './choices-input.ts';
import { ChoicesPage } from './pages/choices-page.tsx';
import type { ChoicesPageProps } from './pages/choices-page.tsx';
import { ChoicesMessagePage, ChoicesSavedPage } from './pages/choices-saved-page.tsx';
import { readFields } from './read-fields.ts';
import { isForeign, readVisit } from './session.ts';
import type { VisitDeps } from './session.ts';
import { describeRestored } from './describe-restored.ts';

export type ChoicesAppDeps = VisitDeps & {
  secrets: Pick<Secrets, 'linkKeys' | 'pepper' | 'evidenceMaster'>;
};

/** On the very answer to a change (DOMAIN 2). */
const UNDO_ON_PAGE = 10 * MINUTE;

type Place = {
  token: string;
  brand: Brand;
  uses: Uses;
  form: VersionedForm | undefined;
  contact: Contact;
  context: PageContext;
};

/** What a person gets and how often, by the link of any mail, without a log-in (D9). */
export function addChoicesRoutes(app: Hono<WebEnv>, deps: ChoicesAppDeps): void {
  app.get('/preferences/:token', (c) => at(c, deps, (place) => show(c, deps, place)));
  app.post('/preferences/:token', async (c) => {
    if (isForeign(c, deps)) return explain(c, 403);
    const posted = await readFields(c);
    if (!posted.ok) return explain(c, posted.status);
    return at(c, deps, (place) => save(c, deps, place, posted.fields));
  });
  app.post('/preferences/:token/undo', async (c) => {
    if (isForeign(c, deps)) return explain(c, 403);
    const posted = await readFields(c);
    if (!posted.ok) return explain(c, posted.status);
    return at(c, deps, (place) => undo(c, deps, place, posted.fields));
  });
  app.get('/preferences/:token/undo', (c) =>
    c.redirect(`/preferences/${encodeURIComponent(c.req.param('token'))}`, 303),
  );
  app.all('/preferences/:token/undo', only('POST'));
}

/** Whose choices a link is about, as they are now; the same calm page for every link that is none of ours (T2). */
async function at(
  c: Context<WebEnv, '/preferences/:token'>,
  deps: ChoicesAppDeps,
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

async function show(
  c: Context<WebEnv>,
  deps: ChoicesAppDeps,
  { token, brand, uses, form, contact, context }: Place,
  more: Pick<ChoicesPageProps, 'pauseFault' | 'notes'> = {},
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
      volume={new Map()}
      noAdvertisingSince={contact.noAdvertising?.since}
      action={`/preferences/${token}?lang=${language}`}
      pageNonce={pageNonce(await deps.secrets.linkKeys(), token)}
      {...more}
    />,
    status,
  );
}

async function save(
  c: Context<WebEnv>,
  deps: ChoicesAppDeps,
  place: Place,
  fields: Record<string, string | undefined>,
) {
  const { token, brand, uses, contact } = place;
  const nonce = fields['page'] ?? '';
  const shownAt = readPageNonce(await deps.secrets.linkKeys(), token, nonce, 24 * HOUR);
  if (!shownAt) return show(c, deps, place);
  if (fields['act'] === 'none') return endAll(c, deps, place);
  const posted = readChoices(fields, uses, now());
  if (!posted.ok) return show(c, deps, place, { pauseFault: posted.pauseDate }, 422);
  const acts = actsOf(posted.shown, posted.sent, uses);
  const session = await ownSession(c, deps, contact);
  const who = { contactId: contact.id, brand, uses, session, ...visitor(c) };
  const saved = await saveChoices(deps, { ...who, acts, shownAt });
  if (!saved) return show(c, deps, place);
  const joined = await join(c, deps, { ...place, contact: saved.contact }, acts, saved.join, {
    shownAt,
    nonce,
    session,
  });
  const entries = [saved.entry, joined.kind === 'joined' ? joined.entry : undefined];
  const after = joined.kind === 'joined' ? joined.contact : saved.contact;
  const { changed, notes } = describeSaved(place, { entries, joined, acts, saved });
  return showSaved(c, deps, { ...place, contact: after }, entries, changed, notes);
}

async function join(
  c: Context<WebEnv>,
  deps: ChoicesAppDeps,
  { brand, uses, form, contact, context }: Place,
  acts: Acts,
  wanted: readonly string[],
  {
    shownAt,
    nonce,
    session,
  }: { shownAt: string; nonce: string; session: Awaited<ReturnType<typeof ownSession>> },
): Promise<Joined> {
  const offered = wanted.filter((use) => form?.uses.some((each) => each.use === use));
  if (!form || offered.length === 0) return { kind: 'nothing' };
  const input = {
    contact,
    brand,
    uses,
    form,
    join: offered,
    topics: acts.joinTopics,
    language: context.language,
    shownAt,
    pageToken: nonce,
    ...visitor(c),
  };
  return session
    ? joinUses(deps, { ...input, session })
    : askToJoin(deps, { ...input, limits: await deps.settings.limits() });
}

/** The log-in of this very person in this browser, where there is one: it proves the mailbox. */
async function ownSession(c: Context<WebEnv>, deps: ChoicesAppDeps, { id }: Contact) {
  const visit = await readVisit(c, deps);
  return visit?.contact.id === id ? visit.session : undefined;
}

/** "No advertising at all", over all uses, channels and brands, as one act (D6). */
async function endAll(c: Context<WebEnv>, deps: ChoicesAppDeps, place: Place) {
  const { brand, contact } = place;
  const done = await withdraw(deps, {
    contactId: contact.id,
    brand,
    scope: { kind: 'all' },
    route: (await ownSession(c, deps, contact)) ? 'log-in' : 'preferences',
    actor: { kind: 'person' },
    ...visitor(c),
  });
  if (done.kind !== 'withdrawn') return show(c, deps, place);
  const { changed, notes } = describeSaved(place, { entries: [done.entry] });
  return showSaved(c, deps, { ...place, contact: done.contact }, [done.entry], changed, notes);
}

/** Only the answer to the act itself carries the way back; a repeated post has none. */
async function showSaved(
  c: Context<WebEnv>,
  deps: ChoicesAppDeps,
  { token, brand, uses, contact, context }: Place,
  written: readonly (EvidenceEntry | undefined)[],
  changed: readonly string[],
  notes: readonly string[],
) {
  const { language } = context;
  const entries = written.filter((entry) => entry !== undefined);
  const links = await deps.secrets.linkKeys();
  const until = plus(now(), UNDO_ON_PAGE);
  const tokens = entries.map(({ seq }) =>
    undoToken(links, 'undo', { contactId: contact.id, brand: brand.id, seq, until }),
  );
  const lost = entries
    .filter(({ type }) => type === 'withdrawn')
    .flatMap(({ changes }) => changes.filter(({ from, to }) => from === 'granted' && to === 'withdrawn'));
  const items = await describeRestored(deps, uses, language, contact, lost);
  const action = `/preferences/${token}/undo?lang=${language}`;
  const wordings = items.map(({ name, wording }) => wording || name);
  return page(
    c,
    language,
    <ChoicesSavedPage
      context={context}
      maskedAddress={maskAddress(contact.address)}
      changed={changed}
      notes={notes}
      left={lost.length > 0}
      backUrl={`/preferences/${token}?lang=${language}`}
      undo={entries.length > 0 ? { action, tokens, wordings } : undefined}
    />,
  );
}

async function undo(
  c: Context<WebEnv>,
  deps: ChoicesAppDeps,
  { token, contact, context }: Place,
  fields: Record<string, string | undefined>,
) {
  const links = await deps.secrets.linkKeys();
  const refs = ['undo.0', 'undo.1'].flatMap((name) => {
    const ref = readUndoToken(links, 'undo', fields[name] ?? '');
    return ref?.contactId === contact.id && now() <= ref.until ? [ref] : [];
  });
  let restored = false;
  // The last act is taken back first.
  for (const { seq } of refs.toSorted((a, b) => b.seq - a.seq)) {
    const undone = await undoWithdrawal(deps, {
      contactId: contact.id,
      seq,
      route: 'undo',
      ...visitor(c),
    });
    restored ||= undone.kind === 'restored';
  }
  return page(
    c,
    context.language,
    <ChoicesMessagePage
      context={context}
      kind={restored ? 'undone' : 'unchanged'}
      backUrl={`/preferences/${token}?lang=${context.language}`}
    />,
  );
}
