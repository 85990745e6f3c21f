/** Translation for templates and for code outside components. Messages are interpreted, never compiled to source. */

import { createI18n } from 'vue-i18n';
import { messages, type Language } from './locales/messages.ts';

export const i18n = createI18n({ legacy: false, locale: 'en', fallbackLocale: 'en', messages });

/** Switches every text on screen, and the document's language (which picks the Chinese type sizes). */
export function applyLanguage(language: Language): void {
  i18n.global.locale.value = language;
  document.documentElement.lang = language;
}
