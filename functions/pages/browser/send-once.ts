/** Well before the 15 minutes that a form has. */
const RENEW_EVERY_MS = 10 * 60_000;

/**
 * Keeps a form fit to be sent: renews its token while the page is open, and lets it go once, however often the button is pressed. `holds` says
 * whether the form may be sent as it is.
 */
export function sendOnce(form: HTMLFormElement, holds: () => boolean): void {
  let renewedAt = Date.now();
  let isSent = false;

  const renew = async (): Promise<void> => {
    const token = form.querySelector<HTMLInputElement>('[name="formToken"]');
    const url = form.dataset.renewUrl;
    if (!token || url === undefined) return;
    const answer = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ formToken: token.value }),
    }).catch(() => undefined);
    // Without a new token the form goes as it is: the server keeps what was typed, or says that the card must be reopened.
    if (!answer?.ok) return;
    const { formToken }: { formToken: string } = await answer.json();
    token.value = formToken;
    renewedAt = Date.now();
  };

  setInterval(renew, RENEW_EVERY_MS);
  // Whoever comes back to the page may send it again: it is the same command.
  window.addEventListener('pageshow', () => {
    isSent = false;
  });
  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    if (isSent || !holds()) {
      event.preventDefault();
      return;
    }
    isSent = true;
    if (Date.now() - renewedAt < RENEW_EVERY_MS + 60_000) return;
    // The machine slept: timers did not run.
    event.preventDefault();
    const { submitter } = event;
    renew().finally(() => {
      renewedAt = Date.now();
      isSent = false;
      form.requestSubmit(submitter);
    });
  });
}
