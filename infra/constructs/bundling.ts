import { fileURLToPath } from 'node:url';

import { OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { BundlingOptions } from 'aws-cdk-lib/aws-lambda-nodejs';

import { BUNDLE_OPTIONS, LAMBDA_ALIAS } from '../bundle.ts';

const COPY_ASSETS = fileURLToPath(new URL('./copy-assets.ts', import.meta.url));

/** `BUNDLE_OPTIONS` in CDK's words: the bundle that is deployed is the one that tests measure (F4). */
export const BUNDLING: BundlingOptions = {
  format: OutputFormat.ESM,
  target: BUNDLE_OPTIONS.target,
  mainFields: [...BUNDLE_OPTIONS.mainFields],
  minify: BUNDLE_OPTIONS.minify,
  banner: BUNDLE_OPTIONS.banner.js,
  externalModules: [],
  esbuildArgs: {
    '--jsx': BUNDLE_OPTIONS.jsx,
    '--jsx-import-source': BUNDLE_OPTIONS.jsxImportSource,
    '--legal-comments': BUNDLE_OPTIONS.legalComments,
    ...Object.fromEntries(Object.entries(LAMBDA_ALIAS).map(([from, to]) => [`--alias:${from}`, to])),
  },
  commandHooks: {
    beforeBundling: () => [],
    beforeInstall: () => [],
    // This very Node, not the first on the path: it must be able to run TypeScript.
    afterBundling: (_input, output) => [
      [process.execPath, COPY_ASSETS, `${output}/assets`].map((part) => `"${part}"`).join(' '),
    ],
  },
};
