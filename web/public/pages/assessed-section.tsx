import type { Assessed } from '../../../shared/contacts/contact.ts';
import type { Language } from '../../../shared/settings/language.ts';
import { assessedTextsFor } from '../../texts/assessed-texts.ts';
import { formatDate } from '../../texts/format.ts';
import { profileTextsFor } from '../../texts/profile-texts.ts';

/** How we see a person, who said so and when: for them to see, and to object to (D1, art. 16 and 21 GDPR). */
export function AssessedSection({ assessed, language }: { assessed: Assessed; language: Language }) {
  const { position, decisionAuthority, buyingRole } = assessed;
  const { title, names, values, wrong } = assessedTextsFor(language);
  const { from } = profileTextsFor(language);
  const lines = [
    position && { ...position, name: names.position, text: values.position[position.value] },
    decisionAuthority && {
      ...decisionAuthority,
      name: names.decisionAuthority,
      text: values.decisionAuthority[decisionAuthority.value],
    },
    buyingRole && { ...buyingRole, name: names.buyingRole, text: values.buyingRole[buyingRole.value] },
  ].filter((line) => line !== undefined);
  return (
    <section class="aside" aria-labelledby="assessed-title">
      <h2 id="assessed-title">{title}</h2>
      <ul class="wordings">
        {lines.map(({ name, text, source, at }) => (
          <li>
            {name}: <strong>{text}</strong>. {from[source](formatDate(at, language))}
          </li>
        ))}
      </ul>
      <p>
        <a href={`/rights/requests?lang=${language}`}>{wrong}</a>
      </p>
    </section>
  );
}
