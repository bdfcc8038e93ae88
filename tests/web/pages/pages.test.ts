import { describe, expect, test } from 'vitest';

import { demoBrand } from '../../../shared/settings/demo.ts';
import { LANGUAGES } from '../../../shared/settings/language.ts';
import { pageGallery } from '../../support/page-gallery.tsx';

const gallery = pageGallery();
const named = gallery.map((entry) => [`${entry.name}/${entry.language}`, entry] as const);
const OURS = [demoBrand.imprint.url, ...Object.values(demoBrand.privacyNotice.url)];

describe.each(named)('%s', (_, { name, language, html }) => {
  test('is a whole document in its language, kept out of search engines', () => {
    expect(html).toMatch(new RegExp(`^<!doctype html><html lang="${language}">`));
    expect(html).toContain('<meta name="robots" content="noindex, nofollow"/>');
    expect(html).toMatch(/<title>[^<]{5,}<\/title>/);
    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(html.match(/<main[ >]/g)).toHaveLength(1);
  });

  test('T11 has no code and no style of its own', () => {
    expect(html).not.toMatch(/<script|<style|<iframe|<base|javascript:/i);
    expect(html).not.toMatch(/<[^>]+\s(style|on[a-z]+)\s*=/i);
  });

  test('T3 reaches no foreign origin but imprint and privacy notice', () => {
    const absolute = [...html.matchAll(/(?:href|src|action)="((?:[a-z]+:)?\/\/[^"]*)"/gi)].map(
      ([, url]) => url,
    );
    expect(absolute.filter((url) => url && !OURS.includes(url))).toEqual([]);
  });

  test('has at most one primary button', () => {
    expect((html.match(/class="button"/g) ?? []).length).toBeLessThanOrEqual(1);
  });

  test('every form posts, every label and description leads somewhere, no id is used twice', () => {
    expect(html.match(/<form(?! method="post")/g)).toBeNull();
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const wanted = [...html.matchAll(/ (?:for|aria-describedby|aria-labelledby)="([^"]+)"/g)];
    for (const id of wanted.flatMap(([, list]) => list?.split(' ') ?? [])) expect(ids).toContain(id);
  });

  test('does not shout', () => {
    expect(html.replace('<!doctype', '')).not.toContain('!');
  });

  if (name.endsWith('-neutral')) return;
  test('G16 names who is responsible and links to imprint and privacy notice', () => {
    for (const line of demoBrand.imprint.lines) expect(html).toContain(line);
    expect(html).toContain(`href="${demoBrand.imprint.url}"`);
    expect(html).toContain(`href="${demoBrand.privacyNotice.url[language]}"`);
  });
});

test('every page has words of its own in each language', () => {
  const main = (name: string, language: string) =>
    gallery.find((entry) => entry.name === name && entry.language === language)?.html.split('<main')[1];
  for (const { name } of gallery) {
    const [first, ...others] = LANGUAGES.map((language) => main(name, language));
    for (const other of others) expect(other).not.toBe(first);
  }
});
