/** Tells HubSpot to close the frame: its message is a JSON string (legacy CRM cards, IFRAME). */
const endFrame = (action: string): void => {
  window.parent.postMessage(JSON.stringify({ action }), '*');
};

/** Makes the page's close buttons work, and closes the frame by itself where what it was for is done. */
export function frameEnd(page: Document): void {
  for (const button of page.querySelectorAll<HTMLButtonElement>('[data-close]')) {
    button.hidden = window.parent === window;
    button.addEventListener('click', () => endFrame(button.dataset.close ?? 'CANCEL'));
  }
  if (page.querySelector('[data-done]')) endFrame('DONE');
}
