import type { Contact } from '../../shared/contacts/contact.ts';
import { decideContacts } from '../../shared/decision/decide-contacts.ts';
import { now } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { write } from '../../shared/platform/table.ts';
import type { Language } from '../../shared/settings/language.ts';
import { choicesToken } from '../../shared/signup/links.ts';
import type { Shown, Site } from '../web/open-site.ts';
import { BRAND, CONTROLLER } from './system.ts';

type Fields = Record<string, string>;
export type Visitor = Awaited<ReturnType<typeof openVisitor>>;

/** A subscriber of the demo newsletter who has just logged in, and reads in `language`. */
export async function openVisitor(site: Site, email: string, language: Language) {
  const { contactId, unsubscribe, confirm } = await site.subscribe(email, {
    topics: ['drives', 'service'],
    uses: ['newsletter', 'tracking'],
    firstName: 'Anna',
    lang: language,
  });
  const links = await site.secrets.linkKeys();
  let browser = await site.logIn(contactId);
  const here = (path: string) => `${path}${path.includes('?') ? '&' : '?'}lang=${language}`;
  const see = (path: string, headers: Fields = browser): Promise<Shown> => site.get(here(path), headers);

  return {
    site,
    email,
    contactId,
    unsubscribe,
    confirm,
    choices: `/preferences/${choicesToken(links, { contactId, brand: BRAND })}`,
    see,
    /** Posts the form of the page at `from` there, or to where its button leads. */
    act: async (from: string, fields: Fields = {}, path = from): Promise<Shown> => {
      const page = (await see(from)).hidden('page');
      return site.post(here(path), { page, ...fields }, browser);
    },
    logInAgain: async () => {
      browser = await site.logIn(contactId);
    },
    /** What others know about the person. */
    know: (field: string, value: string, source: string) =>
      write(site.db, {
        update: 'contacts',
        key: keys.contact(contactId),
        set: 'SET #fields.#field = :value',
        names: { '#fields': 'fields', '#field': field },
        values: { ':value': { value, source, at: now() } },
      }),
    /** How we see the person. */
    assess: (assessed: Contact['assessed']) =>
      write(site.db, {
        update: 'contacts',
        key: keys.contact(contactId),
        set: 'SET assessed = :assessed',
        values: { ':assessed': assessed },
      }),
    /** A newsletter that was really sent. */
    receive: async () => {
      const brand = await site.settings.brand(BRAND);
      const uses = await site.settings.uses(CONTROLLER);
      const use = uses.uses.find(({ id }) => id === 'newsletter');
      if (!brand || !use) throw new Error('the demo company sends no newsletter');
      const [answer] = await decideContacts(site.deps, {
        controller: CONTROLLER,
        candidates: [{ ref: { id: contactId } }],
        question: { brand, use, topic: 'drives', at: now() },
        settled: { uses, policy: await site.settings.policy(CONTROLLER) },
        intent: { kind: 'record', channel: 'email', mailing: 'mailing-1', topics: ['drives'] },
        past: false,
      });
      if (answer?.kind !== 'decided' || !answer.decision.allowed) throw new Error('nothing may be sent');
    },
    /** Path of the newest link of this kind in a mail to `to`. */
    mailed: async (kind: string, to = email): Promise<string> => {
      await site.settle();
      const mail = site.sent.findLast((each) => each.to === to && each.text.includes(`/${kind}/`));
      const path = new RegExp(`/${kind}/[\\w.-]+`).exec(mail?.text ?? '')?.[0];
      if (!path) throw new Error(`no mail with a ${kind} link came`);
      return path;
    },
  };
}
