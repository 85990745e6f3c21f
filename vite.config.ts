import { join } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** The window's pages: everything in files of our own origin, as the content security policy demands. */
export default defineConfig({
  root: join(import.meta.dirname, 'renderer'),
  // Relative addresses work under app:// as well as under any preview server.
  base: './',
  plugins: [vue()],
  worker: { format: 'es' },
  define: {
    __VUE_OPTIONS_API__: true,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
    __VUE_I18N_FULL_INSTALL__: true,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    // Messages are compiled to a syntax tree that is interpreted, never to source text: the policy forbids eval.
    __INTLIFY_JIT_COMPILATION__: true,
  },
  build: {
    // Chromium of the oldest Electron it runs in.
    target: 'chrome130',
    outDir: join(import.meta.dirname, 'out', 'renderer'),
    emptyOutDir: true,
    // Fonts and pictures as files: the policy allows no data: addresses for fonts.
    assetsInlineLimit: 0,
    // Chromium preloads modules itself; the polyfill would be an inline script.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
});
