import { relative } from 'node:path';

import type { Options } from './options.ts';

/** Where to click, where the data is and how to stop. */
export function banner({ dataDir, memory }: Options, baseUrl: string, startedMs: number): string {
  const folder = relative(process.cwd(), dataDir) || dataDir;
  return `
  assent is running (${(startedMs / 1_000).toFixed(1)} s).

  Newsletter form   ${baseUrl}/forms/newsletter
  Event form        ${baseUrl}/forms/open-house
  Mail and more     ${baseUrl}/dev
  API               ${baseUrl}/v1/docs (key: ${folder}/api-key)

  Data              ${folder}${memory ? ' (thrown away at the end)' : ''}
  Stop              Ctrl-C
`;
}
