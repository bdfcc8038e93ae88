import type { Context } from 'hono';
import * as z from 'zod';

import { openAct, readAct, readHistory } from '../../shared/evidence/history.ts';
import type { Secrets } from '../../shared/platform/secrets.ts';
import { printedPolicy } from '../components/printed.tsx';
import { profileFrame } from '../components/profile-nav.tsx';
import type { WebEnv } from '../request.ts';
import { createApp, explain, only, page } from '../respond.tsx';
import { ActReceiptPage } from './pages/act-receipt-page.tsx';
import { HistoryPage, hasReceipt } from './pages/history-page.tsx';
import { visitContext, visiting } from './session.ts';
import type { Visit, VisitDeps } from './session.ts';

export type HistoryAppDeps = VisitDeps & { secrets: Pick<Secrets, 'linkKeys' | 'evidenceMaster'> };

const instant = z.iso.datetime({ precision: 3 });
const place = z.coerce.number().pipe(z.int().positive());

/** What happened between a person and us, in plain words, and a receipt for each of their acts. */
export function createHistoryApp(deps: HistoryAppDeps) {
  const app = createApp();
  app.get(
    '/history',
    visiting(deps, (c, visit) => show(c, deps, visit)),
  );
  app.get(
    '/history/receipt/:seq',
    visiting(deps, (c, visit) => showReceipt(c, deps, visit)),
  );
  app.all('/history', only('GET', 'HEAD'));
  app.all('/history/receipt/:seq', only('GET', 'HEAD'));
  return app;
}

async function show(c: Context<WebEnv>, deps: HistoryAppDeps, visit: Visit) {
  const { contact } = visit;
  const asked = instant.safeParse(c.req.query('before')).data;
  const { items, before } = await readHistory(deps.db, contact.id, asked);
  const worded = await Promise.all(
    items.map(async (item) => {
      const act = item.kind === 'act' ? await openAct(deps, contact, item.entry) : undefined;
      return { ...item, wordings: act?.wordings ?? {} };
    }),
  );
  const frame = await profileFrame(c, deps, visit, 'history');
  const { controller } = contact;
  const [uses, policy] = [await deps.settings.uses(controller), await deps.settings.policy(controller)];
  const later = asked !== undefined;
  return page(
    c,
    frame.context.language,
    <HistoryPage {...{ frame, contact, uses, policy, items: worded, before, later }} />,
  );
}

async function showReceipt(c: Context<WebEnv>, deps: HistoryAppDeps, { contact, ...visit }: Visit) {
  const seq = place.safeParse(c.req.param('seq')).data;
  const act = seq === undefined ? undefined : await readAct(deps, contact, seq);
  if (!act || !hasReceipt(act.entry)) return explain(c, 404);
  // Somebody may have declared it to another brand of the same controller.
  const named = await deps.settings.brand(act.entry.changes[0]?.brand ?? visit.brand.id);
  const brand = named ?? visit.brand;
  const { language } = visitContext(c, { contact, ...visit });
  const uses = await deps.settings.uses(contact.controller);
  c.header('Content-Security-Policy', printedPolicy(brand));
  return page(c, language, <ActReceiptPage act={act} brand={brand} uses={uses} language={language} />);
}
