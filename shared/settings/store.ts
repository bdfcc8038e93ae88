import * as z from 'zod';

import { cachedFor } from '../platform/cached.ts';
import { MINUTE } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { keys } from '../platform/keys.ts';
import { queryPartition } from '../platform/read-many.ts';
import { get, transact } from '../platform/table.ts';
import type { Action, Database } from '../platform/table.ts';
import { brand, settingId } from './brand.ts';
import type { Brand } from './brand.ts';
import { form, wordingHash } from './form.ts';
import type { Form, VersionedForm } from './form.ts';
import { limits } from './limits.ts';
import type { Limits } from './limits.ts';
import { policy } from './policy.ts';
import type { Policy } from './policy.ts';
import { scoring } from './scoring.ts';
import type { Scoring, ScoringRules } from './scoring.ts';
import { uses } from './uses.ts';
import type { Uses } from './uses.ts';

/** Settings documents by kind. `uses`, `policy` and `scoring` have one per controller, `limits` has one document, `default`. */
export type Documents = {
  brand: Brand;
  form: Form;
  uses: Uses;
  policy: Policy;
  scoring: Scoring;
  limits: Limits;
};
export type SettingKind = keyof Documents;
export const SETTING_KINDS = [
  'brand',
  'form',
  'uses',
  'policy',
  'scoring',
  'limits',
] as const satisfies SettingKind[];
/** Who took the responsibility for what the linter would have refused. */
export type Acknowledged = { codes: string[]; name: string; reason: string };
const SCHEMAS: { [K in SettingKind]: z.ZodType<Documents[K]> } = {
  brand,
  form,
  uses,
  policy,
  scoring,
  limits,
};

/** Settings as functions read them, at most a minute old; undefined where there is no such document. */
export type Settings = {
  form(id: string): Promise<VersionedForm | undefined>;
  /** A form as it was when somebody agreed to it; immutable. */
  formVersion(id: string, version: number): Promise<VersionedForm | undefined>;
  brand(id: string): Promise<Brand | undefined>;
  uses(controllerId: string): Promise<Uses>;
  /** How the controller treats its contacts; the defaults where none is set. */
  policy(controllerId: string): Promise<Policy>;
  scoring(controllerId: string): Promise<ScoringRules>;
  limits(): Promise<Limits>;
  /** A consent wording by its SHA-256; immutable. */
  wording(hash: string): Promise<string | undefined>;
};

/** Under this owner stand all brands of the installation. */
const ALL = 'ALL';

const stored = z.object({ version: z.int().positive(), document: z.unknown() });
const wordingItem = z.object({ text: z.string() });

export function openSettings(db: Database): Settings {
  const cached = <K extends SettingKind>(kind: K) => cachedFor(MINUTE, (id) => readSetting(db, kind, id));
  const [forms, brands, useLists, policies, scorings, limitDocs] = [
    cached('form'),
    cached('brand'),
    cached('uses'),
    cached('policy'),
    cached('scoring'),
    cached('limits'),
  ];
  const wordings = cachedFor(MINUTE, (hash) =>
    get(db, 'config', keys.wording(hash), wordingItem, { consistent: false }),
  );
  const formVersions = cachedFor(MINUTE, async (key) => {
    const [id = '', version = ''] = key.split('#');
    return readSettingVersion(db, 'form', id, Number(version));
  });
  return {
    form: async (id) => {
      const found = settingId.safeParse(id).success ? await forms(id) : undefined;
      return found && { ...found.document, version: found.version };
    },
    formVersion: async (id, version) => {
      const current = settingId.safeParse(id).success ? await forms(id) : undefined;
      const found = current?.version === version ? current : await formVersions(`${id}#${version}`);
      return found && { ...found.document, version };
    },
    brand: async (id) => (await brands(id))?.document,
    uses: async (controllerId) => {
      const found = await useLists(controllerId);
      if (!found) throw new AppError('not-found', `no uses are set for ${controllerId}`);
      return found.document;
    },
    policy: async (id) => (await policies(id))?.document ?? policy.parse({ id }),
    scoring: async (id) => scoringRules(id, await scorings(id)),
    limits: async () => (await limitDocs('default'))?.document ?? limits.parse({}),
    wording: async (hash) => (await wordings(hash))?.text,
  };
}

/** A settings document and its version, straight from the table. */
export async function readSetting<K extends SettingKind>(
  db: Database,
  kind: K,
  id: string,
  options: { consistent: boolean } = { consistent: false },
): Promise<{ version: number; document: Documents[K] } | undefined> {
  const found = await get(db, 'config', keys.setting(kind, id), stored, options);
  return found && { version: found.version, document: parseSetting(kind, found.document) };
}

/** The scoring rules in force this very moment. */
export async function readScoringRules(db: Database, controllerId: string): Promise<ScoringRules> {
  return scoringRules(controllerId, await readSetting(db, 'scoring', controllerId, { consistent: true }));
}

/** Rules as they are scored by; the defaults, as version 0, where none were set. */
export function scoringRules(
  id: string,
  found: { version: number; document: Scoring } | undefined,
): ScoringRules {
  return found ? { ...found.document, version: found.version } : { ...scoring.parse({ id }), version: 0 };
}

/** One version of a settings document; it never changes. */
export async function readSettingVersion<K extends SettingKind>(
  db: Database,
  kind: K,
  id: string,
  version: number,
  options: { consistent: boolean } = { consistent: false },
): Promise<{ version: number; document: Documents[K] } | undefined> {
  const key = keys.settingVersion(kind, id, version);
  const found = await get(db, 'config', key, stored, options);
  return found && { version: found.version, document: parseSetting(kind, found.document) };
}

/**
 * Stores the next version of a settings document; earlier versions and all wordings stay for ever.
 * @param expected the version this change was made on, 0 for a new document
 * @param also what is done with it, all or nothing
 * @throws AppError `conflict` where somebody else was faster, `invalid` where the document has another id
 */
export async function saveSetting<K extends SettingKind>(
  db: Database,
  kind: K,
  id: string,
  input: unknown,
  change: { expected: number; actor: string; at: Instant; acknowledged?: Acknowledged | undefined },
  also: readonly Action[] = [],
): Promise<number> {
  const { expected, ...made } = change;
  const document = parseSetting(kind, input);
  if ('id' in document && document.id !== id) {
    throw new AppError('invalid', `the ${kind} ${document.id} cannot be saved as ${id}`);
  }
  const version = expected + 1;
  const item = { version, document, ...made };
  const actions: Action[] = [
    {
      put: 'config',
      item: { ...keys.setting(kind, id), ...item },
      condition: expected === 0 ? 'attribute_not_exists(pk)' : 'version = :expected',
      ...(expected === 0 ? {} : { values: { ':expected': expected } }),
    },
    {
      put: 'config',
      item: { ...keys.settingVersion(kind, id, version), ...item },
      condition: 'attribute_not_exists(pk)',
    },
    ...listPuts(kind, id, document),
    ...(kind === 'form' ? wordingPuts(form.parse(document)) : []),
    ...also,
  ];
  const outcome = await transact(db, actions);
  if (!outcome.done) throw new AppError('conflict', `${kind} ${id} is no longer at version ${expected}`);
  return version;
}

/** So that what somebody has is found without a scan: a form by its brand, all else by its controller. */
function listPuts(kind: SettingKind, id: string, document: Documents[SettingKind]): Action[] {
  const owner = ownerOf(kind, id, document);
  const owners = [...(owner ? [owner] : []), ...(kind === 'brand' ? [ALL] : [])];
  return owners.map((of) => ({ put: 'config', item: { ...keys.settingOf(of, kind, id), kind, id } }));
}

function ownerOf(kind: SettingKind, id: string, document: Documents[SettingKind]): string | undefined {
  if ('controller' in document) return `C#${document.controller.id}`;
  if ('brand' in document) return `B#${document.brand}`;
  return kind === 'limits' ? undefined : `C#${id}`;
}

/** Ids of all brands of the installation. */
export async function listBrands(db: Database): Promise<string[]> {
  const { pk } = keys.settingOf(ALL, 'brand', '');
  const found = await Array.fromAsync(queryPartition(db, 'config', pk, z.object({ id: z.string() })));
  return found.map(({ id }) => id);
}

/** Content-addressed, so writing one again changes nothing. */
function wordingPuts(document: Form): Action[] {
  const texts = new Set(document.uses.flatMap(({ wording }) => Object.values(wording)));
  return [...texts].map((text) => ({ put: 'config', item: { ...keys.wording(wordingHash(text)), text } }));
}

/** @throws z.ZodError where it is none of its kind */
export function parseSetting<K extends SettingKind>(kind: K, input: unknown): Documents[K] {
  return SCHEMAS[kind].parse(input);
}
