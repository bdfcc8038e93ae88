import * as z from 'zod';

import { keys } from '../platform/keys.ts';
import { getMany, queryPartition } from '../platform/read-many.ts';
import type { Database } from '../platform/table.ts';
import type { Brand } from './brand.ts';
import type { Form } from './form.ts';
import type { Policy } from './policy.ts';
import type { Scoring } from './scoring.ts';
import { SETTING_KINDS, parseSetting, readSetting } from './store.ts';
import type { Documents, SettingKind } from './store.ts';
import type { Uses } from './uses.ts';

/** Everything that one controller has set. */
export type OwnSettings = {
  brands: Brand[];
  forms: Form[];
  uses: Uses | undefined;
  policy: Policy;
  scoring: Scoring;
};
type Listed = { kind: SettingKind; id: string };

const listed = z.object({ kind: z.enum(SETTING_KINDS), id: z.string() });
const current = z.object({ document: z.unknown() });

/** The documents of a controller, those of its brands included; the limits of the installation belong to nobody. */
export async function listSettings(db: Database, controller: string): Promise<Listed[]> {
  const own = await listOf(db, `C#${controller}`);
  const ofBrands = await Promise.all(brandsIn(own).map((id) => listOf(db, `B#${id}`)));
  return [...own, ...ofBrands.flat()];
}

/** The brands of a controller. */
export async function brandsOf(db: Database, controller: string): Promise<string[]> {
  return brandsIn(await listOf(db, `C#${controller}`));
}

/** All settings of a controller, as they are now. */
export async function readOwnSettings(db: Database, controller: string): Promise<OwnSettings> {
  const found = await listSettings(db, controller);
  const documents = async <K extends SettingKind>(kind: K): Promise<Documents[K][]> => {
    const wanted = found.filter((each) => each.kind === kind).map(({ id }) => keys.setting(kind, id));
    const items = await getMany(db, 'config', wanted, current);
    return items.flatMap((item) => (item ? [parseSetting(kind, item.document)] : []));
  };
  const [brands, forms, uses, policies, scorings] = await Promise.all([
    documents('brand'),
    documents('form'),
    documents('uses'),
    documents('policy'),
    documents('scoring'),
  ]);
  return {
    brands,
    forms,
    uses: uses[0],
    policy: policies[0] ?? parseSetting('policy', { id: controller }),
    scoring: scorings[0] ?? parseSetting('scoring', { id: controller }),
  };
}

/** Whether a document belongs to a controller. Neither a brand nor a form ever changes its owner. */
export async function isOwn(
  db: Database,
  controller: string,
  kind: SettingKind,
  document: Documents[SettingKind],
): Promise<boolean> {
  if ('controller' in document) return document.controller.id === controller;
  if ('brand' in document) {
    const brand = await readSetting(db, 'brand', document.brand, { consistent: true });
    return brand?.document.controller.id === controller;
  }
  return kind !== 'limits' && 'id' in document && document.id === controller;
}

function brandsIn(listed: readonly Listed[]): string[] {
  return listed.filter(({ kind }) => kind === 'brand').map(({ id }) => id);
}

async function listOf(db: Database, owner: string): Promise<Listed[]> {
  const found: Listed[] = [];
  const { pk } = keys.settingOf(owner, '', '');
  for await (const { kind, id } of queryPartition(db, 'config', pk, listed)) found.push({ kind, id });
  return found;
}
