import { afterAll, expect, test } from 'vitest';

import { removeItem } from '../../shared/retention/store.ts';
import { keys } from '../../shared/platform/keys.ts';
import { now } from '../../shared/platform/clock.ts';
import { demoBrand } from '../../shared/settings/demo.ts';
import { listBrands, saveSetting } from '../../shared/settings/store.ts';
import { resetClock } from '../support/system.ts';
import { openSite } from './open-site.ts';

const site = await openSite();
afterAll(resetClock);

const save = (id: string, expected: number) =>
  saveSetting(
    site.db,
    'brand',
    id,
    { ...demoBrand, id, name: `Marke ${id}` },
    { expected, actor: 'anna', at: now() },
  );

test('with several brands one says which; each link asks for the address under that name', async () => {
  await save('suedlicht', 0);
  await save('suedlicht', 1);
  expect(await listBrands(site.db)).toEqual(['nordlicht', 'suedlicht']);
  const shown = await site.get('/preferences?lang=de');
  expect(shown.status).toBe(200);
  const links = [...shown.body.matchAll(/href="(\/preferences\?brand=[^"]+)"/g)].map(([, path]) => path);
  expect(links).toEqual([
    '/preferences?brand=nordlicht&amp;lang=de',
    '/preferences?brand=suedlicht&amp;lang=de',
  ]);
  const asked = await site.get('/preferences?brand=suedlicht&lang=de');
  expect(asked.hidden('brand')).toBe('suedlicht');
  expect(asked.body).toContain('Marke suedlicht');
});

test('a brand that does not exist leads to those that do', async () => {
  const shown = await site.get('/preferences?brand=nobody&lang=de');
  expect(shown.status).toBe(200);
  expect(shown.body).toContain('brand=nordlicht');
});

test('a database of before the list says where else to go, until a brand is saved', async () => {
  for (const id of await listBrands(site.db))
    await removeItem(site.db, 'config', keys.settingOf('ALL', 'brand', id));
  const shown = await site.get('/preferences?lang=de');
  expect(shown.status).toBe(200);
  expect(shown.body).toContain('Bitte öffnen Sie den Link in einer unserer E-Mails.');
  expect((await site.get('/preferences?brand=nordlicht&lang=de')).hidden('brand')).toBe('nordlicht');
  await save('suedlicht', 2);
  expect((await site.get('/preferences?lang=de')).hidden('brand')).toBe('suedlicht');
});
