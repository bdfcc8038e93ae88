import { Hono } from 'hono';
import type { Context } from 'hono';
import * as z from 'zod';

import { sesSwitches } from '../ses-switches.ts';
import type { DevDeps } from './deps.ts';
import { clockInput, limitsInput, readInput, reportInput } from './input.ts';

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

  const report = (type: 'Bounce' | 'Complaint', messageId: string) => {
    const mail = deps.mailbox.byMessageId(messageId);
    if (!mail) return undefined;
    deps.report(type, mail);
    return { messageId };
  };
  return app;
}

/** Parses, acts and answers: 404 where `act` finds nothing, 400 with the fault where the input is wrong. */
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
  return fromForm ? c.redirect('/dev', 303) : c.json(result);
}
