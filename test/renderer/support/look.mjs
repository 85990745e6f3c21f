// Looks at the built window in a plain browser with the fake studio behind it, and counts what the policy refuses.
// Usage: node test/renderer/support/look.mjs OUT_FOLDER [NAME...]   (needs `vite build` first and CHROME=/path)
import { createServer } from 'node:http';
import { readFileSync, mkdirSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { SCENES } from './scenes.mjs';

const root = join(import.meta.dirname, '..', '..', '..');
const pages = process.env.PAGES ?? join(root, 'out', 'renderer');
const [out = '/tmp', ...names] = process.argv.slice(2);
mkdirSync(out, { recursive: true });

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2' };
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
  "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; " +
  "frame-src 'none'; require-trusted-types-for 'script'";
const server = createServer((request, response) => {
  const path = normalize(new URL(request.url, 'http://x').pathname).replace(/^\/$/, '/index.html');
  try {
    const body = readFileSync(join(pages, path));
    response.writeHead(200, {
      'content-type': TYPES[extname(path)] ?? 'text/plain',
      'content-security-policy': POLICY,
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = `http://127.0.0.1:${server.address().port}/`;

const bundle = await build({
  stdin: {
    contents: `import { installFakeStudio } from './fake-studio.ts'; globalThis.installFakeStudio = installFakeStudio;`,
    resolveDir: import.meta.dirname,
    loader: 'ts',
  },
  bundle: true,
  write: false,
  format: 'iife',
});
const fake = bundle.outputFiles[0].text;

const browser = await chromium.launch({
  executablePath: process.env.CHROME ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
let refused = 0;
for (const scene of SCENES.filter(({ name }) => names.length === 0 || names.some((part) => name.includes(part)))) {
  const { name, width = 1280, height = 800, scheme = 'light', options = {}, path = '', act } = scene;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') console.log(`[${name}]`, message.text());
  });
  page.on('pageerror', (error) => console.log(`[${name}]`, error.message));
  await page.addInitScript(`${fake}
    document.addEventListener('securitypolicyviolation', (e) => console.error('refused', e.violatedDirective, e.sourceFile, e.sample));
    installFakeStudio(${JSON.stringify(options)});`);
  page.on('console', (message) => (refused += message.text().startsWith('refused') ? 1 : 0));
  await page.goto(address + path);
  await page.waitForTimeout(500);
  await act?.(page);
  await page.waitForTimeout(200);
  await page.screenshot({ path: join(out, `${name}.png`) });
  await page.close();
}
console.log(`refused by the policy: ${refused}`);
await browser.close();
server.close();
