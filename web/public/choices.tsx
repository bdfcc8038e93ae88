import type { Context, Hono } from 'hono';

import { now } from '../../shared/platform/clock.ts';
import { undoWithdrawal } from '../../shared/permission/undo.ts';
import { openVolume } from '../../shared/preferences/volume.ts';
import { readUndoToken } from '../../shared/signup/links.ts';
import { visitor } from '../request.ts';
import { only, page } from '../respond.tsx';
import type { WebEnv } from '../request.ts';
import { at, show } from './choices-place.tsx';
import type { ChoicesAppDeps, ChoicesDeps, Place } from './choices-place.tsx';
import { save } from './choices-save.tsx';
import { ChoicesMessagePage } from './pages/choices-saved-page.tsx';
import type { Fields } from './read-fields.ts';
import { postingHere } from './session.ts';

/** What a person gets and how often, by the link of any mail, without a log-in (D9). */
export function addChoicesRoutes(app: Hono<WebEnv>, opened: ChoicesAppDeps): void {
  const deps = { ...opened, volumeOf: openVolume(opened.db) };
  app.get('/preferences/:token', (c) => at(c, deps, (place) => show(c, deps, place)));
  app.post(
    '/preferences/:token',
    postingHere(deps, (c, fields) => at(c, deps, (place) => save(c, deps, place, fields))),
  );
  app.post(
    '/preferences/:token/undo',
    postingHere(deps, (c, fields) => at(c, deps, (place) => undo(c, deps, place, fields))),
  );
  app.get('/preferences/:token/undo', (c) =>
    c.redirect(`/preferences/${encodeURIComponent(c.req.param('token'))}`, 303),
  );
  app.all('/preferences/:token/undo', only('POST'));
}

async function undo(
  c: Context<WebEnv>,
  deps: ChoicesDeps,
  { token, contact, context }: Place,
  fields: Fields,
) {
  const links = await deps.secrets.linkKeys();
  const refs = ['undo.0', 'undo.1'].flatMap((name) => {
    const ref = readUndoToken(links, 'undo', fields[name] ?? '');
    return ref?.contactId === contact.id && now() <= ref.until ? [ref] : [];
  });
  let restored = false;
  // The last act is taken back first.
  for (const { seq } of refs.toSorted((a, b) => b.seq - a.seq)) {
    const undone = await undoWithdrawal(deps, {
      contactId: contact.id,
      seq,
      route: 'undo',
      ...visitor(c),
    });
    restored ||= undone.kind === 'restored';
  }
  return page(
    c,
    context.language,
    <ChoicesMessagePage
      context={context}
      kind={restored ? 'undone' : 'unchanged'}
      backUrl={`/preferences/${token}?lang=${context.language}`}
    />,
  );
}
