/** Starts the window: settings first, so that the first picture has the right theme and language. */

// First of all: it tells the schema library not to try generating code, which the security policy forbids and reports.
import '../engine/spec/schema-parts.ts';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { i18n } from './i18n.ts';
import { router } from './router.ts';
import { useNoticesStore } from './stores/notices.ts';
import { useSettingsStore } from './stores/settings.ts';
import './styles/base.css';

const app = createApp(App);
app.use(createPinia());
app.use(i18n);
app.use(router);

const notices = useNoticesStore();
app.config.errorHandler = (error) => {
  console.error(error);
  notices.problem(error);
};
globalThis.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  console.error(event.reason);
  notices.problem(event.reason);
});

await useSettingsStore().load();
app.mount('#app');
