import { choicesToken } from '../../shared/signup/links.ts';
import type { Shown, Site } from './open-site.ts';

/** What is filled in differently; undefined takes a tick away. */
type Changes = Record<string, string | undefined>;
type Headers = Record<string, string>;

/** The fields of the form as a browser would send it back, untouched. */
export function untouched({ body }: Shown): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [tag] of body.split('id="none-title"')[0]?.matchAll(/<input\b[^>]*>/g) ?? []) {
    const name = /name="([^"]*)"/.exec(tag)?.[1];
    const value = /value="([^"]*)"/.exec(tag)?.[1] ?? '';
    const choice = /type="(checkbox|radio)"/.test(tag);
    if (name && (!choice || /\bchecked\b/.test(tag))) fields[name] = value;
  }
  const language = /<option value="(\w+)" selected/.exec(body)?.[1];
  return { ...fields, ...(language ? { language } : {}) };
}

/** People with choices, and what they do on the page. */
export function choicesVisits(site: Site) {
  let people = 0;
  const open = (path: string, headers: Headers = {}) => site.get(`${path}?lang=de`, headers);
  const saveShown = (path: string, shown: Shown, changes: Changes, headers: Headers = {}) =>
    site.post(`${path}?lang=de`, { ...untouched(shown), ...changes }, headers);
  return {
    open,
    saveShown,
    person: async (topics = ['drives', 'service'], uses: string | string[] = 'newsletter') => {
      const email = `choices-${(people += 1)}@example.com`;
      const { contactId } = await site.subscribe(email, { topics, uses });
      const token = choicesToken(await site.secrets.linkKeys(), { contactId, brand: 'nordlicht' });
      return { email, contactId, path: `/preferences/${token}` };
    },
    save: async (path: string, changes: Changes, headers: Headers = {}) =>
      saveShown(path, await open(path, headers), changes, headers),
    /** Presses the button of the answer to an act. */
    undo: (path: string, saved: Shown) =>
      site.post(`${path}/undo?lang=de`, {
        'undo.0': saved.hidden('undo.0'),
        'undo.1': saved.hidden('undo.1'),
      }),
    topicsOf: async (contactId: string) => {
      const held = (await site.contact(contactId))?.permissions['nordlicht#newsletter'];
      return held?.status === 'granted' ? held.topics : undefined;
    },
  };
}
