import type { OutboxState } from './deps.ts';

/** What waits in the outbox and what is due first; keys and states only. */
export function OutboxSection({ outbox }: { outbox: OutboxState }) {
  const counts = Object.entries(outbox.counts).sort(([a], [b]) => a.localeCompare(b));
  return (
    <section aria-labelledby="outbox">
      <h2 id="outbox">Outbox</h2>
      {counts.length === 0 ? <p>Empty.</p> : null}
      <dl>
        {counts.map(([name, count]) => (
          <div>
            <dt>{name}</dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
      {outbox.partial ? <p>Only a part of it was counted.</p> : null}
      {outbox.oldestDue ? <p>Oldest due: {outbox.oldestDue}</p> : null}
      {outbox.sample.length > 0 ? (
        <table>
          <caption>Due next</caption>
          <thead>
            <tr>
              <th scope="col">Item</th>
              <th scope="col">State</th>
              <th scope="col">Due</th>
            </tr>
          </thead>
          <tbody>
            {outbox.sample.map(({ key, states, dueAt }) => (
              <tr>
                <td>
                  <code>{key}</code>
                </td>
                <td>{states.join(', ')}</td>
                <td>{dueAt}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </section>
  );
}
