import { partName } from '../../../shared/export/part-name.ts';
import type { Explained } from '../../../shared/scoring/explain.ts';
import type { Potential } from '../../../shared/scoring/potential.ts';
import { whatSalesDoes } from '../../../shared/scoring/what-sales-does.ts';
import type { Language } from '../../../shared/settings/language.ts';
import type { ScoringRules } from '../../../shared/settings/scoring.ts';
import { topicName } from '../../../shared/settings/uses.ts';
import type { Uses } from '../../../shared/settings/uses.ts';
import { ProfilePage } from '../../components/profile-nav.tsx';
import type { ProfileFrame } from '../../components/profile-nav.tsx';
import { assessedTextsFor } from '../../texts/assessed-texts.ts';
import { formatDate, formatNumber } from '../../texts/format.ts';
import { interestsTextsFor } from '../../texts/interests-texts.ts';
import { scoreWords } from '../../texts/score-words.ts';
import { factText } from '../fact-text.ts';
import { interestLines } from '../interest-lines.ts';
import type { InterestLine } from '../interest-lines.ts';

type Scored = Extract<Explained, { scored: true }>;
type InterestsPageProps = {
  frame: ProfileFrame;
  found: Explained;
  uses: Uses;
  /** Where the person switches it off. */
  offUrl: string;
};

const MOST_LINES = 12;

/** The profile of interests of a person: what it says, what it is made of, and how it comes about (G15). */
export function InterestsPage({ frame, found, uses, offUrl }: InterestsPageProps) {
  const { language } = frame.context;
  const texts = interestsTextsFor(language);
  const words = scoreWords(language);
  return (
    <ProfilePage frame={frame} title={texts.title}>
      {found.scored ? (
        <>
          <Figure found={found} uses={uses} language={language} />
          <p>{texts.offText}</p>
          <div class="actions">
            <a class="button secondary" href={offUrl}>
              {texts.off}
            </a>
          </div>
          <Parts found={found} language={language} />
          <section class="aside" aria-labelledby="how">
            <h2 id="how">{texts.howTitle}</h2>
            <p>{words.how(found.rules).join(' ')}</p>
          </section>
          <Assessment potential={found.score.potential} language={language} />
        </>
      ) : (
        <p class="lead">{words.none}</p>
      )}
    </ProfilePage>
  );
}

function Figure({ found: { score }, uses, language }: { found: Scored; uses: Uses; language: Language }) {
  const texts = interestsTextsFor(language);
  const words = scoreWords(language);
  const { total, topics } = score.interest;
  const byTopic = Object.entries(topics)
    .filter(([, points]) => points > 0)
    .toSorted(([, a], [, b]) => b - a)
    .map(([topic, points]) => `${topicName(uses, topic, language)} ${formatNumber(points, language)}`);
  return (
    <div class="fact">
      <p>
        <strong>{words.interest[score.band]}</strong>: {texts.points(formatNumber(total, language))}
      </p>
      {byTopic.length > 0 && <p>{texts.topics(byTopic.join(', '))}</p>}
      <p>{words.actions[whatSalesDoes(score)]}</p>
    </div>
  );
}

function Parts({ found, language }: { found: Scored; language: Language }) {
  const texts = interestsTextsFor(language);
  const lines = interestLines(found);
  if (lines.length === 0) return <p>{texts.nothing}</p>;
  const rest = lines.length - MOST_LINES;
  return (
    <section class="aside" aria-labelledby="parts">
      <h2 id="parts">{texts.parts}</h2>
      <p>{texts.partsText}</p>
      <ul class="sums">
        {lines.slice(0, MOST_LINES).map((line) => (
          <Line line={line} rules={found.rules} language={language} />
        ))}
      </ul>
      <p>
        {rest > 0 && texts.more(rest)} <a href={`/rights?lang=${language}`}>{texts.all}</a>.
      </p>
    </section>
  );
}

function Line({ line, rules, language }: { line: InterestLine; rules: ScoringRules; language: Language }) {
  const texts = interestsTextsFor(language);
  const { noReaction } = scoreWords(language);
  const { type, older, count, notCounted } = line;
  const day = formatDate(`${line.day}T12:00:00.000Z`, language);
  const when = [older ? texts.until(day) : day, ...(count > 1 ? [texts.times(count)] : [])].join(', ');
  return (
    <li>
      <span>
        <strong>{partName(type, rules, noReaction, language)}</strong>{' '}
        <span class="quiet">
          {when}
          {notCounted && `. ${texts.notCounted[notCounted]}`}
        </span>
      </span>{' '}
      <span class={notCounted && 'quiet'}>{worth(line, language)}</span>
    </li>
  );
}

function worth({ given, left, notCounted }: InterestLine, language: Language): string {
  const texts = interestsTextsFor(language);
  if (notCounted) return texts.countsNot;
  const now = formatNumber(left, language);
  return given === undefined || given === left ? now : texts.left(now, formatNumber(given, language));
}

/** How we see the person and their company; what nobody knows is said to be unknown. */
function Assessment({ potential, language }: { potential: Potential; language: Language }) {
  const texts = interestsTextsFor(language);
  const words = scoreWords(language);
  const { points, grade, known, parts } = potential;
  return (
    <section class="aside" aria-labelledby="potential">
      <h2 id="potential">{texts.potential}</h2>
      {known.known === 0 ? (
        <p>{texts.knownNothing}</p>
      ) : (
        <p>
          {words.grades[grade]}: {texts.points(formatNumber(points, language))}.{' '}
          {texts.known(known.known, known.of)}
        </p>
      )}
      <ul class="sums">
        {parts.map(({ criterion, value, points: own }) => (
          <li>
            <span>
              <strong>{words.criteria[criterion]}</strong>{' '}
              {value !== undefined && <span class="quiet">{factText(criterion, value, language)}</span>}
            </span>{' '}
            <span class={own === undefined ? 'quiet' : undefined}>
              {own === undefined ? texts.unknown : formatNumber(own, language)}
            </span>
          </li>
        ))}
      </ul>
      <p>
        <a href={`/rights/requests?lang=${language}`}>{assessedTextsFor(language).wrong}</a>
      </p>
    </section>
  );
}
