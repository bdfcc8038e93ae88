import * as z from 'zod';

import { cachedFor } from '../platform/cached.ts';
import { MINUTE } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { keys } from '../platform/keys.ts';
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
import { uses } from './uses.ts';
import type { Uses } from './uses.ts';

/** Settings documents by kind. `uses` and `policy` have one per controller, `limits` has one document, `default`. */
export type Documents = { brand: Brand; form: Form; uses: Uses; policy: Policy; limits: Limits };
export type SettingKind = keyof Documents;
const SCHEMAS: { [K in SettingKind]: z.ZodType<Documents[K]> } = { brand, form, uses, policy, limits };

/** Settings as functions read them, at most a minute old; undefined where there is no such document. */
export type Settings = {
  form(id: string): Promise<VersionedForm | undefined>;
  brand(id: string): Promise<Brand | undefined>;
  uses(controllerId: string): Promise<Uses>;
  /** How the controller treats its contacts; the defaults where none is set. */
  policy(controllerId: string): Promise<Policy>;
  limits(): Promise<Limits>;
  /** A consent wording by its SHA-256; immutable. */
  wording(hash: string): Promise<string | undefined>;
};

const stored = z.object({ version: z.int().positive(), document: z.unknown() });
const wordingItem = z.object({ text: z.string() });

export function openSettings(db: Database): Settings {
  const cached = <K extends SettingKind>(kind: K) => cachedFor(MINUTE, (id) => readSetting(db, kind, id));
  const [forms, brands, useLists, policies, limitDocs] = [
    cached('form'),
    cached('brand'),
    cached('uses'),
    cached('policy'),
    cached('limits'),
  ];
  const wordings = cachedFor(MINUTE, (hash) =>
    get(db, 'config', keys.wording(hash), wordingItem, { consistent: false }),
  );
  return {
    form: async (id) => {
      const found = settingId.safeParse(id).success ? await forms(id) : undefined;
      return found && { ...found.document, version: found.version };
    },
    brand: async (id) => (await brands(id))?.document,
    uses: async (controllerId) => {
      const found = await useLists(controllerId);
      if (!found) throw new AppError('not-found', `no uses are set for ${controllerId}`);
      return found.document;
    },
    policy: async (id) => (await policies(id))?.document ?? policy.parse({ id }),
    limits: async () => (await limitDocs('default'))?.document ?? limits.parse({}),
    wording: async (hash) => (await wordings(hash))?.text,
  };
}

/** A settings document and its version, straight from the table. */
export async function readSetting<K extends SettingKind>(
  db: Database,
  kind: K,
  id: string,
): Promise<{ version: number; document: Documents[K] } | undefined> {
  const found = await get(db, 'config', keys.setting(kind, id), stored, { consistent: false });
  return found && { version: found.version, document: parseSetting(kind, found.document) };
}

/**
 * Stores the next version of a settings document; earlier versions and all wordings stay for ever.
 * @param expected the version this change was made on, 0 for a new document
 * @throws AppError `conflict` where somebody else was faster, `invalid` where the document has another id
 */
export async function saveSetting<K extends SettingKind>(
  db: Database,
  kind: K,
  id: string,
  input: unknown,
  { expected, actor, at }: { expected: number; actor: string; at: Instant },
): Promise<number> {
  const document = parseSetting(kind, input);
  if ('id' in document && document.id !== id) {
    throw new AppError('invalid', `the ${kind} ${document.id} cannot be saved as ${id}`);
  }
  const version = expected + 1;
  const item = { version, document, actor, at };
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
    ...(kind === 'form' ? wordingPuts(form.parse(document)) : []),
  ];
  const outcome = await transact(db, actions);
  if (!outcome.done) throw new AppError('conflict', `${kind} ${id} is no longer at version ${expected}`);
  return version;
}

/** Content-addressed, so writing one again changes nothing. */
function wordingPuts(document: Form): Action[] {
  const texts = new Set(document.uses.flatMap(({ wording }) => Object.values(wording)));
  return [...texts].map((text) => ({ put: 'config', item: { ...keys.wording(wordingHash(text)), text } }));
}

function parseSetting<K extends SettingKind>(kind: K, input: unknown): Documents[K] {
  return SCHEMAS[kind].parse(input);
}
