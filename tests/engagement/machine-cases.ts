import type { Case, Step, Visitor } from './reaction-mail.ts';
import {
  APPLE_MPP,
  BROWSERS,
  CHROME,
  EDGE,
  EXPANDERS,
  FILTERS,
  GMAIL_PREFETCH,
  GMAIL_PROXY,
  HEADLESS,
  LIBRARIES,
  PEOPLE,
  YAHOO_PROXY,
} from './visitors.ts';

const opens = (after: number, visitor: Visitor): Step => ({ ...visitor, after, by: 'machine' });
const follows = (after: number, visitor: Visitor, link = 'l1'): Step => ({ ...opens(after, visitor), link });

/** Loads the picture and follows one link after the other. */
export function scan(
  visitor: Visitor,
  { from, links, gap = 0.2 }: { from: number; links: number; gap?: number },
): Step[] {
  const followed = Array.from({ length: links }, (_, at) => follows(from + at * gap, visitor, `l${at + 1}`));
  return [opens(from, visitor), ...followed];
}

/** Microsoft detonates links with the agents of real browsers, from its own networks, as the mail comes in. */
const safeLinks: Case[] = [FILTERS.protection, FILTERS.protectionSix, FILTERS.detonation].flatMap((ip) =>
  [CHROME, EDGE, BROWSERS['Safari on an iPhone'] ?? ''].flatMap((userAgent, at) => [
    {
      name: `Safe Links, agent ${at} from ${ip}, all at once`,
      steps: scan({ userAgent, ip }, { from: 1, links: 5 }).slice(1),
    },
    { name: `Safe Links, agent ${at} from ${ip}, one link`, steps: [follows(45, { userAgent, ip })] },
  ]),
);
/** In two waves with other agents, from clouds that anybody may use. */
const disguised: Case[] = [1, 3, 20, 90].map((from) => ({
  name: `disguised, from ${from} s on`,
  links: 6,
  steps: [CHROME, EDGE].flatMap((userAgent, at) =>
    scan({ userAgent, ip: PEOPLE.azure }, { from: from + at * 0.1, links: 6 }).slice(1),
  ),
}));
const barracuda: Case[] = [-2, 1, 8].flatMap((from) => [
  {
    name: `Barracuda by name, from ${from} s on`,
    steps: scan({ userAgent: 'Barracuda Sentinel (EE)', ip: FILTERS.amazon }, { from, links: 4 }),
  },
  {
    name: `Barracuda in disguise, from ${from} s on`,
    steps: scan({ userAgent: CHROME, ip: FILTERS.barracuda }, { from, links: 4, gap: 0.7 }),
  },
]);
/** Sandboxes that look before they let a mail in, from clouds. */
const beforehand: Case[] = [-40, -8, -1].flatMap((from) =>
  [2, 7].map((links) => ({
    name: `Proofpoint before delivery, ${links} links from ${from} s on`,
    steps: scan({ userAgent: CHROME, ip: FILTERS.amazon }, { from, links, gap: 0.1 }),
  })),
);
const gateways: Case[] = [FILTERS.proofpoint, FILTERS.mimecast, FILTERS.hornet].flatMap((ip) =>
  [1, 4, 25, 200].map((after) => ({
    name: `gateway ${ip} after ${after} s`,
    steps: [opens(after, { userAgent: CHROME, ip }), follows(after + 1, { userAgent: CHROME, ip })],
  })),
);
const byHead: Case[] = [2, 15, 120, 4_000].map((after) => ({
  name: `HEAD after ${after} s`,
  steps: ['l1', 'l2'].map((link) =>
    follows(after, { userAgent: CHROME, ip: FILTERS.amazon, method: 'HEAD' }, link),
  ),
}));
/** No person sees the link; whoever takes it along takes every link for one. */
const trapped: Case[] = [2, 40, 600, 9_000].flatMap((from) =>
  [CHROME, HEADLESS].map((userAgent, at) => ({
    name: `hidden link, agent ${at}, from ${from} s on`,
    steps: [
      ...scan({ userAgent, ip: FILTERS.amazon }, { from, links: 2, gap: 0.9 }).slice(1),
      { ...follows(from + 2.2, { userAgent, ip: FILTERS.amazon }, 'trap'), hidden: true as const },
    ],
  })),
);
const passedOn: Case[] = Object.entries(EXPANDERS).flatMap(([name, userAgent]) =>
  [300, 90_000].map((after) => ({
    name: `${name} unfolds the link after ${after} s`,
    steps: [follows(after, { userAgent, ip: FILTERS.amazon })],
  })),
);
const programs: Case[] = [...LIBRARIES, HEADLESS].map((userAgent) => ({
  name: `program ${userAgent}`,
  steps: [follows(1_200, { userAgent, ip: FILTERS.amazon }), opens(1_200, { userAgent, ip: FILTERS.amazon })],
}));
/** No browser names itself by so little. */
const bare: Case[] = [70, 5_000].map((after) => ({
  name: `a bare agent follows a link after ${after} s`,
  steps: [follows(after, { userAgent: APPLE_MPP, ip: FILTERS.amazon })],
}));
/** One link after the other, slowly for a machine and fast for a person. */
const patient: Case[] = [0.9, 1.2, 1.6].map((gap) => ({
  name: `one link each ${gap} s`,
  steps: scan({ userAgent: CHROME, ip: FILTERS.amazon }, { from: 40, links: 9, gap }).slice(1),
}));
const unreported: Case[] = [2, 4].map((links) => ({
  name: `all ${links + 1} links, delivery unknown`,
  links: links + 1,
  deliveries: [],
  steps: scan({ userAgent: CHROME, ip: FILTERS.amazon }, { from: 3, links: links + 1, gap: 1.9 }).slice(1),
}));
const known: Case[] = [7, 18, 28].map((after) => ({
  name: `one link after ${after} s where mail is scanned`,
  domainScans: 3,
  steps: [follows(after, { userAgent: EDGE, ip: PEOPLE.azure })],
}));
const told: Case[] = [50, 5_000].map((after) => ({
  name: `SES sees a bot after ${after} s`,
  steps: [
    opens(after, { userAgent: CHROME, ip: FILTERS.amazon, bot: 'Likely' }),
    follows(after, { userAgent: CHROME, ip: FILTERS.amazon, bot: 'Likely' }),
  ],
}));
const pictures: Case[] = Object.entries({
  'Apple’s protection': { userAgent: APPLE_MPP, ip: '104.28.40.12' },
  'Apple’s protection, with SES’s word': { userAgent: APPLE_MPP, ip: '172.226.20.9', bot: 'Likely' as const },
  'Apple’s protection, against SES’s word': {
    userAgent: APPLE_MPP,
    ip: '172.226.20.9',
    bot: 'Unlikely' as const,
  },
  'Gmail beforehand': { userAgent: GMAIL_PREFETCH, ip: '66.249.84.3' },
  'Yahoo’s proxy beforehand': { userAgent: YAHOO_PROXY, ip: '98.137.66.4' },
  'Gmail’s proxy for nobody': { userAgent: GMAIL_PROXY, ip: '66.249.93.1', bot: 'Unlikely' as const },
}).flatMap(([name, visitor]) =>
  [2, 30, 900, 20_000].map((after) => ({
    name: `${name} loads pictures after ${after} s`,
    steps: [opens(after, visitor)],
  })),
);

/** Machines that today's rules take for people. */
const overlooked: Omit<Case, 'wrong'>[] = [
  { name: 'one link from a cloud after 40 s', steps: [follows(40, { userAgent: CHROME, ip: PEOPLE.azure })] },
  { name: 'looked at again in the night', steps: [follows(70_000, { userAgent: EDGE, ip: PEOPLE.dsl })] },
  {
    name: 'five links at leisure',
    steps: scan({ userAgent: CHROME, ip: FILTERS.amazon }, { from: 60, links: 5, gap: 3 }).slice(1),
  },
  {
    name: 'stragglers of a scan',
    steps: [2, 9, 16].map((after, at) => follows(after, { userAgent: EDGE, ip: PEOPLE.azure }, `l${at}`)),
  },
  {
    name: 'an app resolves the link',
    steps: [follows(400, { userAgent: 'okhttp/4.12.0', ip: PEOPLE.mobile })],
  },
  {
    name: 'picture loaded by a filter in a browser’s clothes',
    steps: [opens(90, { userAgent: CHROME, ip: FILTERS.amazon })],
  },
];

export const MACHINE_CASES: Case[] = [
  ...[...safeLinks, ...disguised, ...barracuda, ...beforehand, ...gateways, ...byHead, ...trapped],
  ...[...passedOn, ...programs, ...bare, ...patient, ...unreported, ...known, ...told, ...pictures],
  ...overlooked.map((each) => ({ ...each, wrong: true as const })),
];
