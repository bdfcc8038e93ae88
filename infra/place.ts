/** Where a system runs that a command is for. */
export type Place = { kind: 'local'; data: string } | { kind: 'aws'; stage: string; region: string };

const text = { type: 'string' } as const;

/** Options by which a command is told the place; `--local` is the default. */
export const PLACE_OPTIONS = { local: { type: 'boolean' }, data: text, stage: text, region: text } as const;

type PlaceValues = {
  local?: boolean | undefined;
  data?: string | undefined;
  stage?: string | undefined;
  region?: string | undefined;
};

/** The place that was told. Throws with what is wrong. */
export function toPlace({ local, data = '.assent', stage, region = 'eu-central-1' }: PlaceValues): Place {
  if (local && stage !== undefined) throw new Error('--local or --stage, not both');
  return stage === undefined ? { kind: 'local', data } : { kind: 'aws', stage, region };
}
