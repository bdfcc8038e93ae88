import type { Limits } from '../../../shared/settings/limits.ts';

/** The limits against abuse, to be changed while running. */
export function LimitsSection({ limits }: { limits: Limits }) {
  return (
    <section aria-labelledby="limits">
      <h2 id="limits">Limits</h2>
      <form method="post" action="/dev/limits" class="fields">
        {Object.entries(limits).map(([name, value]) => (
          <label>
            {name}
            <input name={name} value={String(value)} inputmode="decimal" required />
          </label>
        ))}
        <button>Change limits</button>
      </form>
    </section>
  );
}
