import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import { html } from 'hono/html';
import type { RequestListener } from 'node:http';

import { createApi } from './api.ts';
import type { DevDeps } from './deps.ts';
import { createEngagement } from './engagement.tsx';
import { MailPage } from './mail-page.tsx';
import { openLinksOnTop } from './mail-html.ts';
import { Overview } from './overview.tsx';
import { STYLE } from './style.ts';

/** The pages and the API under `/dev`, served by the local system only. */
export function createDev(deps: DevDeps): Hono {
  const app = new Hono().basePath('/dev');
  app.use(ownPagesOnly);
  app.route('/', createApi(deps));
  app.get('/style.css', (c) => c.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }));
  app.get('/', async (c) => {
    const [forms, outbox, limits] = await Promise.all([deps.forms(), deps.outbox(), deps.limits.read()]);
    const page = (
      <Overview
        forms={forms}
        outbox={outbox}
        limits={limits}
        mails={deps.mailbox.list()}
        switches={deps.ses.switches()}
        now={deps.clock.now()}
        offsetMs={deps.clock.offsetMs()}
      />
    );
    return c.html(html`<!doctype html>${page}`);
  });
  app.route('/engagement', createEngagement(deps));
  app.get('/mail/:number{[0-9]+}', (c) => {
    const number = Number(c.req.param('number'));
    const mail = deps.mailbox.read(number);
    return mail ? c.html(html`<!doctype html>${(<MailPage mail={mail} number={number} />)}`) : c.notFound();
  });
  app.get('/mail/:number{[0-9]+}/html', (c) => {
    const mail = deps.mailbox.read(Number(c.req.param('number')));
    if (!mail) return c.notFound();
    // A mail is foreign content: no scripts, no forms, whatever it holds.
    c.header('content-security-policy', "default-src 'none'; img-src * data:; style-src 'unsafe-inline'");
    return c.html(openLinksOnTop(mail.html));
  });
  return app;
}

export function createDevListener(deps: DevDeps): RequestListener {
  // Functions must meet the same Request and Response as on Lambda, so the globals stay untouched.
  const listener = getRequestListener(createDev(deps).fetch, { overrideGlobalObjects: false });
  return (request, response) => void listener(request, response);
}

/** The mailbox holds working links: a web site that the browser happens to show must not reach it. */
const ownPagesOnly = createMiddleware(async (c, next) => {
  const { host, origin } = { host: c.req.header('host') ?? '', origin: c.req.header('origin') };
  const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(host);
  const foreign = origin !== undefined && origin !== `http://${host}`;
  if (!loopback || foreign) return c.json({ message: 'for this machine only' }, 403);
  return next();
});
