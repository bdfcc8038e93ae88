import type { Context } from 'hono';

import { toCsv } from '../../shared/export/export-csv.ts';
import { readExport } from '../../shared/export/read-export.ts';
import { now } from '../../shared/platform/clock.ts';
import type { Secrets } from '../../shared/platform/secrets.ts';
import type { WebEnv } from '../request.ts';
import { createApp, only } from '../respond.tsx';
import { exportWords } from '../texts/export-words.ts';
import { freshly } from './fresh.tsx';
import { visitContext, visiting } from './session.ts';
import type { Visit, VisitDeps } from './session.ts';

export type ExportAppDeps = VisitDeps & { secrets: Pick<Secrets, 'linkKeys' | 'evidenceMaster'> };

/** All that is held about a person, to take along at once (D1, D2). */
export function createExportApp(deps: ExportAppDeps) {
  const app = createApp();
  app.get(
    '/rights/export.json',
    visiting(
      deps,
      freshly(deps, 'rights', async (c, visit) => {
        const document = await read(c, deps, visit);
        return download(
          c,
          'json',
          'application/json; charset=utf-8',
          `${JSON.stringify(document, null, 2)}\n`,
        );
      }),
    ),
  );
  app.get(
    '/rights/export.csv',
    visiting(
      deps,
      freshly(deps, 'rights', async (c, visit) =>
        download(c, 'csv', 'text/csv; charset=utf-8', toCsv(await read(c, deps, visit))),
      ),
    ),
  );
  app.all('/rights/export.json', only('GET', 'HEAD'));
  app.all('/rights/export.csv', only('GET', 'HEAD'));
  return app;
}

async function read(c: Context<WebEnv>, deps: ExportAppDeps, visit: Visit) {
  const { contact, brand } = visit;
  const { language } = visitContext(c, visit);
  const policy = await deps.settings.policy(contact.controller);
  return readExport(deps, { contact, brand, language, words: exportWords(language, policy), at: now() });
}

function download(c: Context<WebEnv>, ending: string, type: string, body: string) {
  const day = now().slice(0, 10);
  c.header('Content-Disposition', `attachment; filename="data-${day}.${ending}"`);
  return c.body(body, 200, { 'Content-Type': type });
}
