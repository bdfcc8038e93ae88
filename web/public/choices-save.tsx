import type { Context } from 'hono';

import type { Contact } from '../../shared/contacts/contact.ts';
import { HOUR, now } from '../../shared/platform/clock.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { actsOf } from '../../shared/preferences/acts.ts';
import type { Acts } from '../../shared/preferences/acts.ts';
import { askToJoin, joinUses } from '../../shared/preferences/join-uses.ts';
import type { Joined } from '../../shared/preferences/join-uses.ts';
import { saveChoices } from '../../shared/preferences/save-choices.ts';
import { isFresh } from '../../shared/preferences/session.ts';
import type { Session } from '../../shared/preferences/session.ts';
import { readPageNonce } from '../../shared/signup/links.ts';
import { choicesTextsFor } from '../texts/choices-texts.ts';
import { visitor } from '../request.ts';
import { page } from '../respond.tsx';
import type { WebEnv } from '../request.ts';
import { describeSaved } from './choices-described.ts';
import { readChoices } from './choices-input.ts';
import { show } from './choices-place.tsx';
import type { ChoicesDeps, Place } from './choices-place.tsx';
import { showSaved } from './choices-saved.tsx';
import { ChoicesMessagePage } from './pages/choices-saved-page.tsx';
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
  const { fresh: session, isOld } = await ownSession(c, deps, contact);
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
  const { changed, notes } = describeSaved(place, { entries, joined, acts, saved, isOldLogin: isOld });
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

/**
 * The log-in of this very person in this browser, where it is fresh: then it proves the mailbox (DOMAIN 2). An older one
 * proves no more than the link.
 */
async function ownSession(
  c: Context<WebEnv>,
  deps: ChoicesDeps,
  { id }: Contact,
): Promise<{ fresh: Session | undefined; isOld: boolean }> {
  const visit = await readVisit(c, deps);
  if (visit?.contact.id !== id) return { fresh: undefined, isOld: false };
  return isFresh(visit.session, now())
    ? { fresh: visit.session, isOld: false }
    : { fresh: undefined, isOld: true };
}

/** "No advertising at all", over all uses, channels and brands, as one act (D6). */
async function endAll(c: Context<WebEnv>, deps: ChoicesDeps, place: Place) {
  const { brand, contact } = place;
  const done = await withdraw(deps, {
    contactId: contact.id,
    brand,
    scope: { kind: 'all' },
    route: (await ownSession(c, deps, contact)).fresh ? 'log-in' : 'preferences',
    actor: { kind: 'person' },
    ...visitor(c),
  });
  if (done.kind !== 'withdrawn') return show(c, deps, place);
  const { changed, notes } = describeSaved(place, { entries: [done.entry] });
  return showSaved(c, deps, { ...place, contact: done.contact }, [done.entry], changed, notes);
}
