import { readFile, readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';

import { lawAt } from '../shared/decision/law.ts';
import type { Instant } from '../shared/platform/clock.ts';
import { AppError } from '../shared/platform/errors.ts';
import type { Finding } from '../shared/settings/findings.ts';
import { lintSetting } from '../shared/settings/lint.ts';
import type { OwnSettings } from '../shared/settings/own-settings.ts';
import { SETTING_KINDS, parseSetting } from '../shared/settings/store.ts';
import type { Documents, SettingKind } from '../shared/settings/store.ts';
import { readDocument } from '../web/api/setting-document.ts';
import type { Linted } from './lint-settings-command.ts';

type Readable = { kind: SettingKind; id: string; document: Documents[SettingKind] };

/** Looks at the documents of a folder, `<kind>/<id>.json`, each beside the others of its controller. */
export async function lintFolder(folder: string, at: Instant): Promise<Linted[]> {
  const files = await readFiles(folder);
  if (files.length === 0) throw new Error(`there are no settings in ${folder}`);
  const readable = files.filter((file) => 'document' in file);
  return files.map((file) => {
    if ('findings' in file) return file;
    const { kind, id, document } = file;
    const around = { own: ownSettings(readable, controllerOf(document, readable)), law: lawAt(at) };
    return { kind, id, findings: lintSetting(kind, document, undefined, around) };
  });
}

async function readFiles(folder: string): Promise<(Readable | Linted)[]> {
  const paths = (await readdir(folder, { recursive: true })).toSorted();
  const named = SETTING_KINDS.flatMap((kind) =>
    paths.flatMap((path) => {
      const [parent, file = '', ...deeper] = path.split(sep);
      if (parent !== kind || deeper.length > 0 || !file.endsWith('.json')) return [];
      return [{ kind, id: file.slice(0, -'.json'.length), path }];
    }),
  );
  return Promise.all(
    named.map(async ({ kind, id, path }) => readText(kind, id, await readFile(join(folder, path), 'utf8'))),
  );
}

function readText(kind: SettingKind, id: string, text: string): Readable | Linted {
  try {
    const document = readDocument(kind, JSON.parse(text));
    if (!('id' in document) || document.id === id) return { kind, id, document };
    return { kind, id, findings: [fault('/id', 'other-id', 'The name of the file is another.')] };
  } catch (error) {
    if (error instanceof SyntaxError)
      return { kind, id, findings: [fault('', 'malformed-json', 'No JSON.')] };
    if (!(error instanceof AppError)) throw error;
    const findings = (error.errors ?? []).map(({ pointer, code, detail }) =>
      fault(pointer.slice('/document'.length), code, detail),
    );
    return { kind, id, findings };
  }
}

function fault(pointer: string, code: string, detail: string): Finding {
  return { severity: 'error', code, pointer, detail, acknowledgeable: false };
}

function documentsOf<K extends SettingKind>(files: readonly Readable[], kind: K): Documents[K][] {
  return files.flatMap((file) => (file.kind === kind ? [parseSetting(kind, file.document)] : []));
}

function ownSettings(files: readonly Readable[], controller: string): OwnSettings {
  const brands = documentsOf(files, 'brand').filter((brand) => brand.controller.id === controller);
  return {
    brands,
    forms: documentsOf(files, 'form').filter((form) => brands.some(({ id }) => id === form.brand)),
    uses: documentsOf(files, 'uses').find(({ id }) => id === controller),
    policy:
      documentsOf(files, 'policy').find(({ id }) => id === controller) ??
      parseSetting('policy', { id: controller }),
    scoring:
      documentsOf(files, 'scoring').find(({ id }) => id === controller) ??
      parseSetting('scoring', { id: controller }),
  };
}

/** Whose a document is; nobody's where its brand is not among the files. */
function controllerOf(document: Readable['document'], files: readonly Readable[]): string {
  if ('controller' in document) return document.controller.id;
  if ('brand' in document) {
    const brand = documentsOf(files, 'brand').find(({ id }) => id === document.brand);
    return brand?.controller.id ?? 'nobody';
  }
  return 'id' in document ? document.id : 'nobody';
}
