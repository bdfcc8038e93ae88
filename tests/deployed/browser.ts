import assert from 'node:assert/strict';

import { attribute } from './visitor.ts';
import type { Answer, Visitor } from './visitor.ts';

/** What a person fills in: text, one or several ticks, or undefined to take a tick away. */
type Filled = Record<string, string | string[] | undefined>;
export type Browser = {
  /** By name, each as it was set. */
  cookies: ReadonlyMap<string, string>;
  /** Opens a page and goes where it leads. */
  open(path: string): Promise<Answer>;
  /** Posts the form of this page that goes to `path`, as it stands there but for what is filled in. */
  submit(page: Answer, path: string, filled?: Filled): Promise<Answer>;
};

/** One person's browser: it keeps cookies, follows redirects and posts forms with all that they hold. */
export function openBrowser(visitor: Visitor): Browser {
  const cookies = new Map<string, string>();
  const sent = (): Record<string, string> =>
    cookies.size > 0 ? { cookie: [...cookies.values()].map(pairOf).join('; ') } : {};
  const keep = async (answer: Answer): Promise<Answer> => {
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [name = ''] = line.split('=');
      if (/; *max-age=0\b/i.test(line)) cookies.delete(name);
      else cookies.set(name, line);
    }
    const { location } = answer.headers;
    return location === undefined ? answer : open(location);
  };
  const open = async (path: string) => {
    const { pathname, search } = new URL(path, visitor.origin);
    return keep(await visitor.get(pathname + search, sent()));
  };
  return {
    cookies,
    open,
    submit: async (page, path, filled = {}) => {
      const { action, fields } = formTo(page.body, path);
      const asShown = fields.filter(([name]) => !Object.hasOwn(filled, name));
      const changed = Object.entries(filled).flatMap(([name, value = []]) =>
        [value].flat().map((one): [string, string] => [name, one]),
      );
      // Under our referrer policy that is all a browser tells of where it comes from (T11).
      const from = { origin: 'null', 'sec-fetch-site': 'same-origin' };
      return keep(await visitor.post(action, [...asShown, ...changed], { ...from, ...sent() }));
    },
  };
}

/** What goes back to the server of a cookie that was set. */
export function pairOf(line: string): string {
  return line.split(';')[0] ?? '';
}

function formTo(html: string, path: string): { action: string; fields: [string, string][] } {
  for (const [, tag = '', inside = ''] of html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)) {
    const action = attribute(tag, 'action');
    if (action.split('?')[0] === path) return { action, fields: fieldsOf(inside) };
  }
  assert.fail(`no form goes to ${path}: ${html.slice(0, 400)}`);
}

/** What a browser would post of a form that nobody touched. */
function fieldsOf(form: string): [string, string][] {
  const inputs = [...form.matchAll(/<input\b[^>]*>/g)]
    .map(([tag]) => tag)
    .filter((tag) => !/type="(checkbox|radio)"/.test(tag) || /\bchecked\b/.test(tag))
    .map((tag): [string, string] => [attribute(tag, 'name'), attribute(tag, 'value')]);
  const selects = [...form.matchAll(/<select\b[^>]*>.*?<\/select>/gs)].map(([select]): [string, string] => {
    const options = select.match(/<option\b[^>]*>/g) ?? [];
    const chosen = options.find((option) => /\bselected\b/.test(option)) ?? options[0] ?? '';
    return [attribute(select, 'name'), attribute(chosen, 'value')];
  });
  const areas = [...form.matchAll(/<textarea\b[^>]*>/g)].map(([tag]): [string, string] => [
    attribute(tag, 'name'),
    '',
  ]);
  return [...inputs, ...selects, ...areas];
}
