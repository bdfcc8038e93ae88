import { pointerTo } from '../platform/json-pointer.ts';
import type { Around } from './around.ts';
import { brandColours } from './brand-colours.ts';
import type { Brand, PermissionModel } from './brand.ts';
import { FLOOR_RULES } from './brand.ts';
import { found } from './findings.ts';
import type { Finding } from './findings.ts';

const UNREAD = /^(no|do-?not|donot|nicht)[-_.]?(reply|antworten)/i;

/** Models against the law of their country, overrides of it, and how people reach the sender. */
export function lintBrand(brand: Brand, previous: Brand | undefined, around: Around): Finding[] {
  const { sender, privacyNotice, models } = brand;
  const findings: Finding[] = [];
  if (previous && previous.controller.id !== brand.controller.id) {
    findings.push(
      found(
        'controller-changed',
        '/controller/id',
        'Consents were given to one controller; make a new brand.',
      ),
    );
  }
  if (models.default === undefined) {
    findings.push(found('no-default-model', '/models', 'Countries without a model get double opt-in.'));
  }
  if (UNREAD.test(sender.replyTo)) {
    findings.push(
      found('reply-to-unread', '/sender/replyTo', 'Replies can be withdrawals: somebody must read them.'),
    );
  }
  if (privacyNotice.url.de === privacyNotice.url.en) {
    const detail = 'Both languages lead to the same privacy notice.';
    findings.push(found('privacy-notice-one-language', '/privacyNotice/url', detail));
  }
  const offered = around.own.forms.filter((form) => form.brand === brand.id).map(({ id }) => id);
  for (const [country, model] of Object.entries(models)) {
    findings.push(...lintModel(brand, country, model, around));
    if (model === 'ignore' && offered.length > 0) {
      const detail = `The model collects nothing, yet there are forms: ${offered.join(', ')}.`;
      findings.push(found('ignore-with-forms', pointerTo('models', country), detail));
    }
  }
  return [
    ...findings,
    ...lintPreferenceForm(brand, around),
    ...lintQuestions(brand, around),
    ...lintOverrides(brand, around),
    ...lintColour(brand),
  ];
}

/** What the choices page offers to join: its link may have been forwarded, so only a click in a mail may agree. */
function lintPreferenceForm({ id, preferenceForm }: Brand, { own }: Around): Finding[] {
  if (preferenceForm === undefined) {
    return [found('no-preference-form', '', 'People can leave on the choices page, but join nothing.')];
  }
  const form = own.forms.find((each) => each.id === preferenceForm && each.brand === id);
  if (!form) {
    const detail = `The brand has no form ${preferenceForm}: the choices page offers nothing to join.`;
    return [found('preference-form-unknown', '/preferenceForm', detail)];
  }
  if (form.optIn === 'double') return [];
  const detail = `The form ${preferenceForm} must ask for double opt-in: a forwarded link could agree for its owner.`;
  return [found('preference-form-not-double', '/preferenceForm', detail)];
}

function lintQuestions({ questions = [] }: Brand, { own }: Around): Finding[] {
  const known = new Set(own.uses?.topics.map(({ id }) => id));
  return questions.flatMap(({ topics = [] }, at) =>
    topics
      .filter((topic) => !known.has(topic))
      .map((topic) =>
        found('unknown-topic', pointerTo('questions', String(at), 'topics'), `There is no topic ${topic}.`),
      ),
  );
}

/** A model that is looser than the law: the floor refuses all the same, so the model promises what never happens. */
function lintModel(brand: Brand, country: string, model: PermissionModel, { own, law }: Around): Finding[] {
  const known = country === 'default' ? undefined : country;
  const refused = (own.uses?.uses ?? []).filter(({ channel, ...use }) => {
    if (channel === 'data' || !law.allowsAtRest(model, { channel, ...use })) return false;
    const overridden = brand.floorOverrides?.some(
      (each) => each.country === known && each.channel === channel,
    );
    return law.floor(known, channel) !== 'OPT_OUT' && !overridden;
  });
  if (refused.length === 0) return [];
  const names = refused.map(({ id }) => id).join(', ');
  const mails = refused.some(({ channel, bulk }) => channel === 'email' && bulk);
  // Of countries not named some do allow it; build-up is meant to ask, and its invitations are a small part of it.
  const severe = known !== undefined && model === 'opt-out-only' && mails;
  return [
    found(
      severe ? 'model-below-floor' : 'model-partly-below-floor',
      pointerTo('models', country),
      severe
        ? `In ${country} the law asks for consent before ${names}. Choose a stricter model, or override the floor.`
        : `The model allows ${names} without consent; where the law asks for more, they are refused all the same.`,
    ),
  ];
}

/** Reported for ever: going below the law stays somebody's decision. */
function lintOverrides({ floorOverrides = [] }: Brand, { law }: Around): Finding[] {
  return floorOverrides.flatMap(({ country, channel, rule, name, reason }, at) => {
    const floor = law.floor(country, channel);
    if (FLOOR_RULES.indexOf(rule) <= FLOOR_RULES.indexOf(floor)) return [];
    const detail = `${name} went below the law (${floor}) for ${channel} in ${country}: ${reason}`;
    return [found('floor-override', pointerTo('floorOverrides', String(at)), detail)];
  });
}

/**
 * Legibility comes first (WCAG 2.2, 1.4.3); whoever chose the colour should hear what is shown in its place. A dark page
 * takes a lighter shade of nearly every colour, which is no news.
 */
function lintColour({ colour }: Brand): Finding[] {
  const { fill, text } = brandColours(colour, 'light');
  if (fill === colour && text === colour) return [];
  const detail = `${colour} would be hard to read: pages and mails use ${fill} for buttons and ${text} for text.`;
  return [found('colour-adjusted', '/colour', detail)];
}
