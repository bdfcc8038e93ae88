import type { Contact } from '../contacts/contact.ts';
import type { Instant } from '../platform/clock.ts';
import { heldBy, permissionOf } from '../permission/status.ts';
import type { Brand } from '../settings/brand.ts';
import { wordingOf } from '../settings/form.ts';
import type { VersionedForm } from '../settings/form.ts';
import type { Language } from '../settings/language.ts';
import type { Uses } from '../settings/uses.ts';
import type { Chosen } from './acts.ts';

/** A use that a person gets or can join, with the words that joining means. */
export type Offered = {
  use: Uses['uses'][number];
  topics: Uses['topics'];
  granted: boolean;
  /** Asked for and waiting for one of us. */
  review: boolean;
  /** What is declared by joining; absent where it is granted. */
  wording: string | undefined;
};
/** Calls or letters, which this page can only end (G3). */
export type Refusable = { use: Uses['uses'][number]; since: Instant | undefined };
export type ChoicesView = {
  mails: Offered[];
  data: Offered[];
  others: Refusable[];
  chosen: Chosen;
};

type About = {
  brand: Brand;
  uses: Uses;
  /** What the brand offers to join. */
  form: VersionedForm | undefined;
  language: Language;
  at: Instant;
};

/** What the choices page shows of a contact: never anything that says who it is. Pure. */
export function viewChoices(contact: Contact, { brand, uses, form, language, at }: About): ChoicesView {
  const offered = (use: Uses['uses'][number]): Offered[] => {
    const granted = permissionOf(contact, brand.id, use.id)?.status === 'granted';
    const wording = form && wordingOf(form, use.id, language);
    if (!granted && wording === undefined) return [];
    const topics = uses.topics.filter((topic) => topic.use === use.id);
    const review = contact.reviews?.[`${brand.id}#${use.id}`] !== undefined;
    return [{ use, topics, granted, review, wording: granted ? undefined : wording }];
  };
  const of = (channel: Uses['uses'][number]['channel']) => uses.uses.filter((use) => use.channel === channel);
  const [mails, data] = [of('email').flatMap(offered), of('data').flatMap(offered)];
  const others = [...of('phone'), ...of('post')].map((use): Refusable => {
    const held = heldBy(permissionOf(contact, brand.id, use.id));
    return { use, since: held?.status === 'withdrawn' ? held.since : undefined };
  });
  const gets = [...mails, ...data].filter(({ granted }) => granted).map(({ use }) => use.id);
  const { wish, pausedUntil } = contact;
  const chosen: Chosen = {
    uses: gets,
    topics: gets.flatMap((use) => {
      const permission = permissionOf(contact, brand.id, use);
      return permission?.status === 'granted' ? permission.topics : [];
    }),
    refused: others.filter(({ since }) => since !== undefined).map(({ use }) => use.id),
    wish,
    // A pause that is over is none.
    pausedUntil: pausedUntil !== undefined && pausedUntil > at ? pausedUntil : undefined,
    language: contact.language,
  };
  return { mails, data, others, chosen };
}
