import { announce } from './announcer.js';
import { messageOf } from './message-of.js';

/** Copies a text, also on pages without TLS, where browsers have no clipboard for scripts. */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    if (isSecureContext) await navigator.clipboard.writeText(text);
    else copySelected(text);
    announce(`${what} copied.`);
  } catch (error) {
    announce(`Nothing was copied: ${messageOf(error)}`, 'problem');
  }
}

function copySelected(text: string): void {
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  if (!isCopied) throw new Error('the browser refused it');
}
