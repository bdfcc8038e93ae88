import type { Act, Story } from '../../shared/evidence/story.ts';
import type { EvidencePack } from '../../shared/evidence/pack.ts';
import { verifyPack } from '../../shared/evidence/verify-pack.ts';
import type { Brand } from '../../shared/settings/brand.ts';
import type { Language } from '../../shared/settings/language.ts';
import { Facts, Moment, Printed } from '../components/printed.tsx';
import { evidenceTextsFor } from '../texts/evidence-texts.ts';
import type { TopicName } from './evidence-about.ts';
import { EvidenceAct } from './evidence-act.tsx';

export type EvidencePageProps = {
  pack: EvidencePack;
  story: Story;
  brand: Brand;
  useName: string;
  language: Language;
  topicName: TopicName;
};

/** All that is known about one use of one person, for a judge to read (G4, H8, H9). */
export function EvidencePage({ pack, story, brand, useName, language, topicName }: EvidencePageProps) {
  const texts = evidenceTextsFor(language);
  const { controller } = pack;
  return (
    <Printed brand={brand} language={language} title={texts.title} lead={texts.lead(useName, brand.name)}>
      <section>
        <Facts
          facts={[
            [texts.person, nameOf(story.acts)],
            [texts.address, lastTold(story.acts, 'address')],
            [texts.contactId, <code>{pack.contactId}</code>],
            [texts.use, useName],
            [texts.status, texts.statuses[story.status]],
            [
              texts.acts.restricted,
              story.restrictedSince && <Moment at={story.restrictedSince} language={language} />,
            ],
            [texts.controller, [controller.name, controller.address, controller.contact].join(', ')],
            [texts.issued, <Moment at={pack.issuedAt} language={language} />],
          ]}
        />
        {pack.payloadsWithheld && <p>{texts.withheld[pack.payloadsWithheld]}</p>}
      </section>
      {story.acts.map((act) => (
        <EvidenceAct act={act} language={language} topicName={topicName} />
      ))}
      <Uses story={story} language={language} />
      <section>
        <h2>{texts.limits}</h2>
        <ul>
          {pack.limits[language].map((limit) => (
            <li>{limit}</li>
          ))}
        </ul>
      </section>
      <Verification pack={pack} language={language} />
    </Printed>
  );
}

function Uses({ story: { uses }, language }: { story: Story; language: Language }) {
  const texts = evidenceTextsFor(language);
  return (
    <section>
      <h2>{texts.uses}</h2>
      {uses.length === 0 ? (
        <p>{texts.noUses}</p>
      ) : (
        <ol>
          {uses.map(({ at, channel, mailing }) => (
            <li>
              <Moment at={at} language={language} />{' '}
              {[texts.channels[channel], mailing].filter(Boolean).join(' · ')}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** The print says what the file shows, and never better. */
function Verification({ pack, language }: { pack: EvidencePack; language: Language }) {
  const texts = evidenceTextsFor(language);
  const failed = verifyPack(JSON.parse(JSON.stringify(pack))).filter(({ verdict }) => verdict === 'fail');
  return (
    <section>
      <h2>{texts.check}</h2>
      <p>{failed.length === 0 ? texts.checked : texts.broken}</p>
      {failed.length > 0 && (
        <ul>
          {failed.map(({ step, detail }) => (
            <li>
              {step}: {detail}
            </li>
          ))}
        </ul>
      )}
      <Facts
        facts={[
          [`${texts.entry} ${pack.head.seq}`, <code>{pack.head.hash}</code>],
          ...pack.jwks.keys.map(({ kid }) => ['kid', <code>{kid}</code>] as const),
        ]}
      />
      <p>{texts.checkYourself}</p>
    </section>
  );
}

function lastTold(acts: readonly Act[], part: 'address'): string | undefined {
  return acts.findLast(({ told }) => told[part] !== undefined)?.told[part];
}

function nameOf(acts: readonly Act[]): string | undefined {
  const fields = acts.findLast(({ told }) => told.fields !== undefined)?.told.fields ?? {};
  const parts = [fields['firstName'], fields['lastName'], fields['company']];
  return parts.filter(Boolean).join(' ') || undefined;
}
