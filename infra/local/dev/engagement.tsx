import { Hono } from 'hono';
import { html } from 'hono/html';
import * as z from 'zod';

import { MINUTE, plus } from '../../../shared/platform/clock.ts';
import { newId } from '../../../shared/platform/ids.ts';
import type { DevDeps } from './deps.ts';
import { EngagementPage } from './engagement-page.tsx';
import type { EngagementPageProps } from './engagement-page.tsx';

const several = z.union([z.array(z.string()), z.string().transform((one) => [one])]);
const form = z.object({
  email: z.string().min(1),
  type: z.string(),
  minutesAgo: z.coerce.number().int().nonnegative(),
  asset: z.string().optional(),
  topics: several.default([]),
});

/** The page that sends events, and what its button does. */
export function createEngagement({ engagement, clock }: Pick<DevDeps, 'engagement' | 'clock'>): Hono {
  const app = new Hono();
  const show = async (more: Partial<EngagementPageProps>) => {
    const page = <EngagementPage choices={await engagement.choices()} email="" {...more} />;
    return html`<!doctype html>${page}`;
  };
  app.get('/', async (c) => c.html(await show({})));
  app.post('/', async (c) => {
    const filled = form.safeParse(await c.req.parseBody({ all: true }));
    if (!filled.success) return c.html(await show({ wrong: z.prettifyError(filled.error) }), 400);
    const { email, type, minutesAgo, asset, topics } = filled.data;
    const sent = await engagement.send({
      id: newId('evt'),
      type,
      contact: { email },
      occurredAt: plus(clock.now(), -minutesAgo * MINUTE),
      topics,
      ...(asset ? { asset } : {}),
    });
    return c.html(await show({ sent, email }));
  });
  return app;
}
