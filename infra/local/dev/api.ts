import { Hono } from 'hono';
import type { Context } from 'hono';
import * as z from 'zod';

import { replayWish } from '../../replay-shapes.ts';
import type { Visit } from '../ses-event.ts';
import { sesSwitches } from '../ses-switches.ts';
import type { DevDeps } from './deps.ts';
import { clickInput, clockInput, limitsInput, readInput, reportInput, sampleInput } from './input.ts';
import { linksOf } from './mail-links.ts';
import type { MailLink } from './mail-links.ts';
import { click, open, scan } from './visits.ts';

/** What programs and the buttons of the pages ask for. JSON is answered with JSON, a form leads back to its page. */
export function createApi(deps: DevDeps): Hono {
  const app = new Hono();
  app.get('/health', (c) => c.json({ status: 'ok' }));
  app.get('/mail.json', (c) => {
    const to = c.req.query('to');
    const chosen = deps.mailbox.list().filter((mail) => to === undefined || mail.to === to);
    return c.json(chosen.flatMap(({ number }) => deps.mailbox.read(number) ?? []));
  });
  app.on(['POST', 'DELETE'], '/mail/clear', (c) => {
    deps.mailbox.clear();
    return answer(c, z.object({}), async () => ({}));
  });
  app.post('/clock', (c) =>
    answer(c, clockInput, async ({ advance }) => ({ now: await deps.clock.advance(advance) })),
  );
  app.post('/ses', (c) =>
    answer(c, sesSwitches, async (switches) => {
      await deps.ses.switch(switches);
      return switches;
    }),
  );
  app.post('/limits', (c) => answer(c, limitsInput, (change) => deps.limits.change(change)));
  app.post('/bounce', (c) => answer(c, reportInput, async ({ messageId }) => report('Bounce', messageId)));
  app.post('/complain', (c) =>
    answer(c, reportInput, async ({ messageId }) => report('Complaint', messageId)),
  );
  app.post('/replay', (c) =>
    answer(c, replayWish, async (wish) => ({ records: await Array.fromAsync(deps.replay(wish)) })),
  );

  app.post('/open', (c) =>
    answer(c, reportInput, async ({ messageId }) => visit(messageId, () => [open(agentOf(c), now())])),
  );
  app.post('/click', (c) =>
    answer(c, clickInput, async ({ messageId, link }) =>
      visit(messageId, (links) =>
        links.filter(({ href }) => href === link).map((found) => click(agentOf(c), found, now())),
      ),
    ),
  );
  app.post('/scan', (c) =>
    answer(c, reportInput, async ({ messageId }) => visit(messageId, (links) => scan(links, now()))),
  );
  app.post('/sample-mailing', (c) => answer(c, sampleInput, ({ to }) => deps.sendSample(to)));

  const { now } = deps.clock;
  const visit = (messageId: string, visitsOf: (links: MailLink[]) => Visit[]) => {
    const mail = deps.mailbox.byMessageId(messageId);
    const visits = mail ? visitsOf(linksOf(mail.html)) : [];
    if (!mail || visits.length === 0) return undefined;
    for (const each of visits) deps.visit(mail, each);
    return { messageId, visits: visits.length };
  };
  const report = (type: 'Bounce' | 'Complaint', messageId: string) => {
    const mail = deps.mailbox.byMessageId(messageId);
    if (!mail) return undefined;
    deps.report(type, mail);
    return { messageId };
  };
  return app;
}

/** Whose browser it is: the one that presses the button. */
function agentOf(c: Context): string {
  return (
    c.req.header('user-agent') ?? 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
  );
}

/**
 * Parses, acts and answers: 404 where `act` finds nothing, 409 where it may not, 400 with the fault where the input is
 * wrong.
 */
async function answer<S extends z.ZodType>(
  c: Context,
  schema: S,
  act: (input: z.infer<S>) => Promise<object | undefined>,
): Promise<Response> {
  const { value, fromForm } = await readInput(c);
  const input = schema.safeParse(value);
  if (!input.success) return c.json({ message: z.prettifyError(input.error) }, 400);
  const result = await act(input.data);
  if (!result) return c.json({ message: 'there is no such mail' }, 404);
  if ('refused' in result) return c.json(result, 409);
  return fromForm ? c.redirect('/dev', 303) : c.json(result);
}
