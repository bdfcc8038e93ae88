import { pathToFileURL } from 'node:url';

import * as z from 'zod';

import { writeMessage } from '../local/api-gateway-result.ts';
import { createListener, listen } from '../local/http-server.ts';
import { serveParent } from './child.ts';

/** A web function of hono alone behind the same gateway: what the machine and the gateway cost by themselves. */
const bundle = z.object({
  handler: z.custom<(event: unknown) => Promise<unknown>>((value) => typeof value === 'function'),
});
const { handler } = bundle.parse(await import(pathToFileURL(process.argv[2] ?? '').href));
const http = await listen(0);
http.serve(
  createListener({
    invoke: async (_, event) => handler(event),
    dev: (_, response) => writeMessage(response, 404, 'Not Found'),
    written: () => {},
  }),
);
process.once('SIGTERM', () => process.exit(0));
serveParent({ port: http.port }, () => Promise.resolve({}));
