import { dataGiven } from '../../shared/evidence/receipt.ts';
import type { About } from '../../shared/evidence/receipt.ts';
import type { Act } from '../../shared/evidence/story.ts';
import type { Language } from '../../shared/settings/language.ts';
import { Facts, Moment, Printed } from '../components/printed.tsx';
import { evidenceTextsFor } from '../texts/evidence-texts.ts';
import type { TopicName } from './evidence-about.ts';

type ReceiptPageProps = About & { grant: Act; language: Language; topicName: TopicName };

/** What the person agreed to, on one page for their files (E3). */
export function ReceiptPage({ pack, brand, useName, grant, language, topicName }: ReceiptPageProps) {
  const texts = evidenceTextsFor(language);
  const { controller } = pack;
  const { entry, change, told, wording } = grant;
  const privacy = entry.signup?.privacyNotice;
  return (
    <Printed brand={brand} language={language} title={texts.receiptTitle} lead={useName}>
      <section>
        {wording !== undefined && (
          <blockquote lang={grant.language} aria-label={texts.wording}>
            {wording}
          </blockquote>
        )}
        <Facts
          facts={[
            [texts.address, told.address],
            [texts.time, <Moment at={entry.at} language={language} />],
            [texts.route, texts.routes[entry.route]],
            [texts.topics, change?.topics?.map(topicName).join(', ')],
            [texts.controller, [controller.name, controller.address, controller.contact].join(', ')],
            [
              texts.data,
              dataGiven(grant)
                .map((name) => texts.given[name] ?? name)
                .join(', '),
            ],
            [texts.privacy, privacy && `${privacy.url} (${texts.version} ${privacy.version})`],
            [texts.contactId, <code>{`${pack.contactId}-${entry.seq}`}</code>],
            [texts.hash, <code>{entry.hash}</code>],
          ]}
        />
      </section>
      <section>
        <h2>{texts.withdraw}</h2>
        <p>{texts.withdrawText(brand.sender.replyTo)}</p>
      </section>
    </Printed>
  );
}
