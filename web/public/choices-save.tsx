import type { Context } from 'hono';

import { maskAddress } from '../../shared/contacts/email-address.ts';
import type { Contact } from '../../shared/contacts/contact.ts';
import { HOUR, now, plus } from '../../shared/platform/clock.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import type { EvidenceEntry } from '../../shared/permission/evidence.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { actsOf } from '../../shared/preferences/acts.ts';
import type { Acts } from '../../shared/preferences/acts.ts';
import { askToJoin, joinUses } from '../../shared/preferences/join-uses.ts';
import type { Joined } from '../../shared/preferences/join-uses.ts';
import { saveChoices } from '../../shared/preferences/save-choices.ts';
import type { Session } from '../../shared/preferences/session.ts';
import { UNDO_ON_PAGE, readPageNonce, undoToken } from '../../shared/signup/links.ts';
import { choicesTextsFor } from '../texts/choices-texts.ts';
import { visitor } from '../request.ts';
import { page } from '../respond.tsx';
import type { WebEnv } from '../request.ts';
import { describeSaved } from './choices-described.ts';
import { readChoices } from './choices-input.ts';
import { show } from './choices-place.tsx';
import type { ChoicesDeps, Place } from './choices-place.tsx';
import { describeRestored } from './describe-restored.ts';
import { ChoicesMessagePage, ChoicesSavedPage } from './pages/choices-saved-page.tsx';
import type { Fields } from './read-fields.ts';
import { readVisit } from './session.ts';

/** Saves what somebody changed on the page, and tells them what holds now. */
export async function save(c: Context<WebEnv>, deps: ChoicesDeps, place: Place, fields: Fields) {
  const { token, brand, uses, contact } = place;
  const nonce = fields['page'] ?? '';
  const shownAt = readPageNonce(await deps.secrets.linkKeys(), token, nonce, 24 * HOUR);
  const texts = choicesTextsFor(place.context.language);
  if (!shownAt) return show(c, deps, place, { notes: [texts.stale] });
  if (fields['act'] === 'none') return endAll(c, deps, place);
  const posted = readChoices(fields, uses, now());
  // Under the nonce of the page as it was: what came since is still news to it.
  if (!posted.ok) return show(c, deps, place, { posted, pageNonce: nonce }, 422);
  const acts = actsOf(posted.shown, posted.sent, uses);
  const session = await ownSession(c, deps, contact);
  const who = { contactId: contact.id, brand, uses, session, ...visitor(c) };
  const saved = await saveChoices(deps, { ...who, acts, shownAt });
  if (!saved) {
    return page(c, place.context.language, <ChoicesMessagePage context={place.context} kind="nobody" />);
  }
  const isAsShown = fields['was.form'] === String(place.form?.version ?? '');
  const joined = isAsShown
    ? await join(c, deps, { ...place, contact: saved.contact }, acts, saved.join, { shownAt, nonce, session })
    : ({ kind: saved.join.length > 0 ? 'reworded' : 'nothing' } as const);
  const entries = [saved.entry, joined.kind === 'joined' ? joined.entry : undefined];
  const after = joined.kind === 'joined' ? joined.contact : saved.contact;
  const { changed, notes } = describeSaved(place, { entries, joined, acts, saved });
  return showSaved(c, deps, { ...place, contact: after }, entries, changed, notes);
}

async function join(
  c: Context<WebEnv>,
  deps: ChoicesDeps,
  { brand, uses, form, contact, context }: Place,
  acts: Acts,
  wanted: readonly string[],
  { nonce, ...shown }: { shownAt: Instant; nonce: string; session: Session | undefined },
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
    shownAt: shown.shownAt,
    pageToken: nonce,
    ...visitor(c),
  };
  return shown.session
    ? joinUses(deps, { ...input, session: shown.session })
    : askToJoin(deps, { ...input, limits: await deps.settings.limits() });
}

/** The log-in of this very person in this browser, where there is one: it proves the mailbox. */
async function ownSession(
  c: Context<WebEnv>,
  deps: ChoicesDeps,
  { id }: Contact,
): Promise<Session | undefined> {
  const visit = await readVisit(c, deps);
  return visit?.contact.id === id ? visit.session : undefined;
}

/** "No advertising at all", over all uses, channels and brands, as one act (D6). */
async function endAll(c: Context<WebEnv>, deps: ChoicesDeps, place: Place) {
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
  deps: ChoicesDeps,
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
