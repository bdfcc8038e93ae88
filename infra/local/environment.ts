import { TABLE_NAMES, prefixedName } from './tables.ts';

/** Account and Region that ARNs of the local system name. */
export const ACCOUNT = '000000000000';
export const REGION = 'eu-central-1';
export const TABLE_PREFIX = 'assent-';
export const CONFIGURATION_SET = 'assent-service';

export type Addresses = {
  baseUrl: string;
  dynamodb: string;
  ses: string;
  secretsFile: string;
  signingKeyFile: string;
  rootsFolder: string;
};

/** Credentials that no account knows; the SDK will not sign without some. */
export const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

/** The environment that the CDK constructs would give the functions; the AWS SDK finds our stand-ins by it. */
export function functionEnvironment({
  baseUrl,
  dynamodb,
  ses,
  secretsFile,
  signingKeyFile,
  rootsFolder,
}: Addresses): Record<string, string> {
  return {
    ASSENT_BASE_URL: baseUrl,
    ASSENT_STAGE: 'local',
    ASSENT_SECRETS_FILE: secretsFile,
    ASSENT_SIGNING_KEY_FILE: signingKeyFile,
    ASSENT_ROOTS_FOLDER: rootsFolder,
    SES_CONFIGURATION_SET: CONFIGURATION_SET,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_SESV2: ses,
    ...Object.fromEntries(
      TABLE_NAMES.map((table) => [`TABLE_${table.toUpperCase()}`, prefixedName(TABLE_PREFIX, table)]),
    ),
  };
}

/** Sets the environment and hides what a developer's own AWS profile would change about it. */
export function applyEnvironment(addresses: Addresses): void {
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL']) delete process.env[name];
  Object.assign(process.env, functionEnvironment(addresses));
}
