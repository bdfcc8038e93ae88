import { expect, test } from 'vitest';

import { chooseLanguage } from '../../shared/settings/language.ts';

test.each([
  ['an explicit wish counts first', 'en', 'de', 'de', 'en'],
  ['an unknown wish is ignored', 'fr', 'en', 'de', 'en'],
  ['an empty wish is ignored', '', 'en', 'de', 'en'],
  ['a wish is exact', 'EN', undefined, 'de', 'de'],
  ['without any header the brand’s', undefined, undefined, 'de', 'de'],
  ['an empty header is none', undefined, '', 'en', 'en'],
  ['a region is left aside', undefined, 'de-CH', 'en', 'de'],
  ['upper case is the same', undefined, 'DE-AT', 'en', 'de'],
  ['the first of equals', undefined, 'en,de', 'de', 'en'],
  ['by quality, not by place', undefined, 'en;q=0.5,de;q=0.9', 'en', 'de'],
  ['without a quality it is 1', undefined, 'en;q=0.9, de', 'en', 'de'],
  ['unknown languages are skipped', undefined, 'fr-FR,fr;q=0.9,en;q=0.2', 'de', 'en'],
  ['quality 0 means never', undefined, 'en;q=0', 'de', 'de'],
  ['any language is the brand’s', undefined, '*', 'en', 'en'],
  ['spaces do no harm', undefined, '  fr; q=1,  en; q=0.8 ', 'de', 'en'],
  ['a quality that is no number is no wish', undefined, 'en;q=high', 'de', 'de'],
  ['rubbish is ignored', undefined, ';;,,=,-', 'de', 'de'],
] as const)('%s', (_, wish, header, fallback, expected) => {
  expect(chooseLanguage(wish, header, fallback)).toBe(expected);
});
