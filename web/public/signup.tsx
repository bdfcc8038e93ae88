import type { Context } from 'hono';

import { chooseLanguage } from '../../shared/settings/language.ts';
import type { Language } from '../../shared/settings/language.ts';
import { formToken } from '../../shared/signup/guard.ts';
import { readControls } from '../../shared/signup/signup-controls.ts';
import { pageContext } from '../assets.ts';
import { allowOrigins, preflight } from '../cors.ts';
import { clientIp } from '../request.ts';
import { createApp, explain, only, page, wantsJson } from '../respond.tsx';
import type { WebEnv } from '../request.ts';
import { ThankYouPage } from './pages/thank-you-page.tsx';
import { serveAssets } from './signup-assets.ts';
import { readBody } from './signup-body.ts';
import { formDefinition } from './signup-definition.ts';
import { answerPage, showForm } from './signup-html.tsx';
import { answerJson } from './signup-json.ts';
import { openPlace } from './signup-place.ts';
import type { SignupDeps, SignupPlace } from './signup-place.ts';
import { submitSignup } from './signup-submission.ts';

const READ = ['GET', 'HEAD', 'OPTIONS'] as const;
const FORM = ['GET', 'HEAD', 'POST', 'OPTIONS'] as const;

/** The sign-up door: form page, form definition for other sites, posts of every kind, and static files. */
export function createSignupApp(deps: SignupDeps) {
  const app = createApp();

  app.get('/forms/:file{[a-z0-9-]+\\.json}', async (c) => {
    const place = await openPlace(deps, c.req.param('file').slice(0, -'.json'.length));
    const language = languageOf(c, place);
    allowOrigins(c, place.form.origins);
    c.header('Vary', 'Accept-Language', { append: true });
    c.header('Content-Language', language);
    const token = formToken(await deps.linkKeys(), place.form);
    return c.json(formDefinition(place, language, deps.baseUrl, token));
  });
  app.all('/forms/:file{[a-z0-9-]+\\.json}', only(...READ));

  app.get('/forms/:form', async (c) => {
    const place = await openPlace(deps, c.req.param('form'));
    return showForm(c, deps, place, languageOf(c, place));
  });
  app.post('/forms/:form', async (c) => {
    const place = await openPlace(deps, c.req.param('form'));
    allowOrigins(c, place.form.origins);
    const body = await readBody(c);
    if (!body.ok) return explain(c, body.status, undefined, pageContext(place.brand, languageOf(c, place)));
    const controls = readControls(body.raw);
    const language = languageOf(c, place, controls.language);
    const outcome = await submitSignup(deps, place, {
      raw: body.raw,
      controls,
      language,
      client: clientOf(c),
    });
    return wantsJson(c)
      ? answerJson(c, place, language, outcome)
      : answerPage(c, deps, place, language, controls.token, outcome);
  });
  app.options('/forms/:form', async (c) => {
    const { form } = await openPlace(deps, c.req.param('form'));
    return preflight(c, form.origins, FORM);
  });
  app.all('/forms/:form', only(...FORM));

  app.get('/forms/:form/thanks', async (c) => {
    const place = await openPlace(deps, c.req.param('form'));
    const language = languageOf(c, place);
    const props = { context: pageContext(place.brand, language), form: place.form };
    return page(c, language, <ThankYouPage {...props} formUrl={`${place.path}?lang=${language}`} />);
  });
  app.all('/forms/:form/thanks', only(...READ));

  serveAssets(app, deps);
  return app;
}

function languageOf(c: Context<WebEnv>, { brand }: SignupPlace, wish = c.req.query('lang')): Language {
  return chooseLanguage(wish, c.req.header('accept-language'), brand.language);
}

function clientOf(c: Context<WebEnv>) {
  return {
    ip: clientIp(c),
    userAgent: c.req.header('user-agent') ?? '',
    origin: c.req.header('origin'),
    secFetchSite: c.req.header('sec-fetch-site'),
    referer: c.req.header('referer'),
  };
}
