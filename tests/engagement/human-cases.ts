import { scan } from './machine-cases.ts';
import type { Case, Step, Visitor } from './reaction-mail.ts';
import {
  BROWSERS,
  CHROME,
  EDGE,
  FILTERS,
  MAIL_PROGRAMS,
  OLD_BROWSERS,
  PEOPLE,
  TEXT_BROWSERS,
  WEBVIEWS,
} from './visitors.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const AT_HOME: Visitor = { userAgent: CHROME, ip: PEOPLE.dsl };

const reads = (after: number, visitor: Visitor = AT_HOME): Step => ({ ...visitor, after, by: 'human' });
const clicks = (after: number, visitor: Visitor = AT_HOME, link = 'l1'): Step => ({
  ...reads(after, visitor),
  link,
});
const named = (agents: Record<string, string>) => Object.entries(agents);

/** Opens the mail, reads, follows a link. */
const readers: Case[] = named({ ...BROWSERS, ...OLD_BROWSERS, ...WEBVIEWS }).flatMap(([name, userAgent]) =>
  [40, 6 * MINUTE, 2 * DAY].map((after) => ({
    name: `${name} reads and clicks after ${after} s`,
    links: 8,
    steps: [reads(after - 15, { userAgent, ip: PEOPLE.dsl }), clicks(after, { userAgent, ip: PEOPLE.dsl })],
  })),
);
const inText: Case[] = named(TEXT_BROWSERS).flatMap(([name, userAgent]) =>
  [25, 3 * HOUR].map((after) => ({
    name: `${name} clicks after ${after} s`,
    steps: [clicks(after, { userAgent, ip: PEOPLE.office })],
  })),
);
/** The mail announces itself on the screen. */
const fast: Case[] = [6, 8, 11, 15, 22, 29].flatMap((after) =>
  [AT_HOME, { userAgent: EDGE, ip: PEOPLE.office }].map((visitor, at) => ({
    name: `fast reader ${at} clicks after ${after} s`,
    links: 5,
    steps: [clicks(after, visitor)],
  })),
);
const twice: Case[] = [0.1, 0.4, 0.9, 1.8].map((gap) => ({
  name: `double click, ${gap} s apart`,
  links: 6,
  steps: [clicks(90), clicks(90 + gap)],
}));
const several: Case[] = [
  ...[3, 5, 8, 12].map((gap) => ({
    name: `five links, one each ${gap} s`,
    links: 9,
    steps: ['l1', 'l2', 'l3', 'l4', 'l5'].map((link, at) => clicks(70 + at * gap, AT_HOME, link)),
  })),
  ...[0.8, 1.5].map((gap) => ({
    name: `two tabs, ${gap} s apart`,
    links: 9,
    steps: [clicks(200, AT_HOME, 'l1'), clicks(200 + gap, AT_HOME, 'l2')],
  })),
  {
    name: 'three tabs in three seconds',
    links: 9,
    steps: ['l1', 'l2', 'l3'].map((link, at) => clicks(200 + at * 1.5, AT_HOME, link)),
  },
  { name: 'the only link of a mail', links: 1, steps: [clicks(45)] },
  { name: 'both links of a mail', links: 2, steps: [clicks(45), clicks(50, AT_HOME, 'l2')] },
  {
    name: 'all three links of a small mail',
    links: 3,
    steps: ['l1', 'l2', 'l3'].map((link, at) => clicks(300 + at * 4, AT_HOME, link)),
  },
  { name: 'the same link on five days', steps: [1, 2, 3, 4, 5].map((day) => clicks(day * DAY)) },
];
/** A company whose desktops leave through Microsoft, and whose mail Microsoft scans. */
const behindMicrosoft: Case[] = [PEOPLE.azure, PEOPLE.azureToo].flatMap((ip) =>
  [40, 4 * MINUTE, HOUR, DAY].map((after) => ({
    name: `from ${ip} after ${after} s`,
    links: 7,
    domainScans: 9,
    steps: [clicks(after, { userAgent: EDGE, ip })],
  })),
);
/** The filter has followed everything; minutes later the person comes. */
const afterScan: Case[] = Object.entries(FILTERS).flatMap(([owner, ip]) =>
  [2 * MINUTE, 3 * HOUR].map((after) => ({
    name: `person ${after} s after the scan of ${owner}`,
    links: 4,
    domainScans: 12,
    steps: [...scan({ userAgent: CHROME, ip }, { from: 1, links: 4 }), clicks(after)],
  })),
);
/** The filter looks at the very link, while the person waits for it. */
const whileChecked: Case[] = [
  { userAgent: EDGE, ip: FILTERS.protection },
  { userAgent: 'Microsoft Office Existence Discovery', ip: PEOPLE.office },
  { userAgent: CHROME, ip: FILTERS.barracuda, method: 'HEAD' },
].map((filter, at) => ({
  name: `link checked at the moment of the click ${at}`,
  links: 5,
  steps: [{ ...filter, after: 5 * MINUTE, link: 'l1', by: 'machine' }, clicks(5 * MINUTE + 0.4)],
}));
/** The filter comes late, and the person has clicked already. */
const beforeScan: Case[] = Object.entries(FILTERS).map(([owner, ip]) => ({
  name: `person 5 s before the scan of ${owner}`,
  links: 6,
  steps: [clicks(395), ...scan({ userAgent: EDGE, ip }, { from: 400, links: 6 })],
}));
const unusual: Case[] = [
  { name: 'agent taken away by a proxy', steps: [clicks(9 * MINUTE, { ip: PEOPLE.office })] },
  {
    name: 'tracking domain behind CloudFront',
    steps: [clicks(8 * MINUTE, { userAgent: 'Amazon CloudFront', ip: PEOPLE.dsl })],
  },
  { name: 'no news of the delivery', deliveries: [], domainScans: 8, steps: [clicks(3)] },
  { name: 'the report of the delivery ten minutes late', deliveries: [600], steps: [clicks(50), clicks(70)] },
  { name: 'sent again under the same id', deliveries: [0, 3_600], steps: [clicks(3_000), clicks(3_700)] },
  {
    name: 'isolated browsing half an hour later',
    domainScans: 5,
    steps: [clicks(30 * MINUTE, { userAgent: CHROME, ip: PEOPLE.isolation })],
  },
  {
    name: 'a desktop in a network of detonations, in the afternoon',
    steps: [clicks(5 * HOUR, { userAgent: EDGE, ip: FILTERS.detonation })],
  },
  { name: 'SES sees no bot in a very fast click', steps: [clicks(4, { ...AT_HOME, bot: 'Unlikely' })] },
  { name: 'SES sees no bot', domainScans: 4, steps: [clicks(20, { ...AT_HOME, bot: 'Unlikely' })] },
  { name: 'leaves at once', steps: [{ ...clicks(35), leaving: true }] },
];
const lookers: Case[] = named(MAIL_PROGRAMS).flatMap(([name, userAgent]) =>
  [20, HOUR, 3 * DAY].map((after) => ({
    name: `${name} opens after ${after} s`,
    steps: [
      reads(after, { userAgent, ip: PEOPLE.office }),
      reads(after + 900, { userAgent, ip: PEOPLE.dsl }),
    ],
  })),
);
const inWebmail: Case[] = [PEOPLE.azure, FILTERS.protection].map((ip) => ({
  name: `Outlook on the web opens through ${ip}`,
  steps: [reads(15 * MINUTE, { userAgent: EDGE, ip })],
}));

/** People whom today's rules do not see. */
const missed: Omit<Case, 'wrong'>[] = [
  { name: 'waits for the mail and clicks after 3 s', steps: [clicks(3)] },
  { name: 'fast reader where mail is scanned', domainScans: 6, steps: [clicks(14)] },
  {
    name: 'three tabs in a second',
    links: 9,
    steps: ['l1', 'l2', 'l3'].map((link) => clicks(300, AT_HOME, link)),
  },
  {
    name: 'a text browser shows the hidden link',
    steps: [{ ...clicks(600, { userAgent: TEXT_BROWSERS['Lynx'] ?? '', ip: PEOPLE.office }), hidden: true }],
  },
  { name: 'SES takes a person for a bot', steps: [clicks(800, { ...AT_HOME, bot: 'Likely' })] },
  {
    name: 'a desktop in a network of detonations, at once',
    steps: [clicks(200, { userAgent: EDGE, ip: FILTERS.detonation })],
  },
  {
    name: 'Gmail’s proxy stands for somebody who looks',
    steps: [
      reads(900, {
        userAgent:
          'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
        ip: '66.249.93.1',
      }),
    ],
  },
];

export const HUMAN_CASES: Case[] = [
  ...[...readers, ...inText, ...fast, ...twice, ...several, ...behindMicrosoft, ...afterScan],
  ...[...whileChecked, ...beforeScan, ...unusual, ...lookers, ...inWebmail],
  ...missed.map((each) => ({ ...each, wrong: true as const })),
];
