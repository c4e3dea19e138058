import { find } from '../../pages/browser/element.ts';
import { clearToasts, showToast } from '../../pages/browser/toast.ts';
import { failuresPanel } from './failures-panel.ts';
import { hubSpotPanel } from './hubspot-panel.ts';
import { ask, fetchState, type Request } from './page-api.ts';
import { standingPanel } from './standing-panel.ts';

/** From one answer to the next question, milliseconds. */
const refreshInterval = 700;

const locale = document.documentElement.lang;
let newestRequest = 0;
let asked: Promise<void> = Promise.resolve();

const perform = async (request: Request): Promise<void> => {
  clearToasts();
  try {
    const { isDone, message } = await ask(request);
    showToast(isDone ? 'success' : 'error', message);
  } catch (error) {
    showToast('error', error instanceof Error ? error.message : String(error));
  }
  await refresh();
};

/** One after the other, so that a fault that was injected first is there first. */
const request = (next: Request): void => {
  asked = asked.then(() => perform(next));
};

const showStanding = standingPanel(locale);
const showFailures = failuresPanel(locale, (replay) => request({ path: 'replay', body: replay }));
const showHubSpot = hubSpotPanel(locale);

/** An answer that comes after a newer question is dropped. */
const refresh = async (): Promise<void> => {
  const own = ++newestRequest;
  try {
    const { standing, hubspot } = await fetchState();
    if (own !== newestRequest) return;
    showStanding(standing);
    if (standing.kind === 'answered')
      showFailures({ failures: standing.failures, hasMore: standing.hasMore });
    showHubSpot(hubspot);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    showStanding({ kind: 'refused', reason: `${reason} Trying again.` });
  }
};

for (const button of document.querySelectorAll<HTMLElement>('[data-samples]')) {
  const { samples = '' } = button.dataset;
  button.addEventListener('click', () => request({ path: 'samples', body: { type: samples } }));
}
for (const button of document.querySelectorAll<HTMLElement>('[data-fault]')) {
  const { fault = '' } = button.dataset;
  button.addEventListener('click', () => request({ path: 'faults', body: { fault } }));
}
find(document, '[data-clear-faults]').addEventListener('click', () =>
  request({ path: 'faults/clear', body: {} }),
);

const follow = async (): Promise<void> => {
  if (!document.hidden) await refresh();
  setTimeout(follow, refreshInterval);
};

await follow();
