import type { Language } from '../../shared/settings/language.ts';
import { frameTextsFor } from '../texts/frame-texts.ts';
import { countriesIn } from './countries.ts';
import type { Country } from './countries.ts';

/** The options of a choice of countries: none, the nearest, all others. */
export function CountryOptions({ selected, language }: { selected: string; language: Language }) {
  const { first, others } = countriesIn(language);
  const options = (countries: readonly Country[]) =>
    countries.map(({ code, name }) => (
      <option value={code} selected={code === selected}>
        {name}
      </option>
    ));
  return (
    <>
      <option value="">{frameTextsFor(language).chooseCountry}</option>
      {options(first)}
      <hr />
      {options(others)}
    </>
  );
}
