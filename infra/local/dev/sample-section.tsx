/** Sends a mailing to somebody who has signed up. */
export function SampleSection() {
  return (
    <section aria-labelledby="sample">
      <h2 id="sample">Sample mailing</h2>
      <p>
        It is sent if the contact may get the newsletter now. Only with tracking are reactions to it kept.
      </p>
      <form method="post" action="/dev/sample-mailing" class="fields">
        <label>
          Address of a contact
          <input type="email" name="to" autocomplete="off" required />
        </label>
        <button>Send a sample mailing</button>
      </form>
    </section>
  );
}
