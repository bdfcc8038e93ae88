import type { Context } from 'hono';

import { log } from '../../shared/platform/log.ts';
import { neutralContext } from '../assets.ts';
import { Page } from '../components/layout.tsx';
import type { NeutralContext } from '../components/layout.tsx';
import { LinkButton } from '../components/outcome.tsx';
import { readerLanguage } from '../request.ts';
import type { WebEnv } from '../request.ts';
import { page, wantsJson } from '../respond.tsx';
import { problem } from '../problem.ts';
import { visitTextsFor } from '../texts/visit-texts.ts';

/** For whoever is not logged in, or no more: the same page, whatever the reason (T2, T5). */
export function sessionEnded(c: Context<WebEnv>): Response | Promise<Response> {
  log('info', 'session-missing');
  if (wantsJson(c)) return problem(c, 401);
  const context = neutralContext(readerLanguage(c));
  return page(c, context.language, <SessionEndedPage context={context} />, 401);
}

export function SessionEndedPage({ context }: { context: NeutralContext }) {
  const texts = visitTextsFor(context.language);
  return (
    <Page context={context} title={texts.ended}>
      <h1>{texts.ended}</h1>
      <p class="lead">{texts.endedText}</p>
      <LinkButton url={`/preferences?lang=${context.language}`} text={texts.again} />
    </Page>
  );
}
