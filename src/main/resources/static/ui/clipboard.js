/** Copies a text, and says so on the button that was pressed. */

const SAID_MILLIS = 1500;

/**
 * @param {HTMLButtonElement} button
 * @param {() => HTMLElement} source whose text is copied
 */
export function copyOnClick(button, source) {
  const label = button.textContent;
  let timer;
  button.addEventListener('click', async () => {
    button.textContent = await copy(source()) ? 'Copied' : 'Selected: press Ctrl+C';
    clearTimeout(timer);
    timer = setTimeout(() => { button.textContent = label; }, SAID_MILLIS);
  });
}

/** A page that did not come over TLS or from this machine has no clipboard: then the text is selected for the user. */
async function copy(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(element);
    return false;
  }
}
