/** What a page taken over by someone else could try, tried from inside the page (reliability rows 11, 12, 13, 19, 21). */

import { readFile } from 'node:fs/promises';
import type { StudioApp } from './support/studio-app.ts';
import { expect, expectCleanPage, test } from './support/test.ts';
import { TEST_ID } from './support/test-ids.ts';

test.describe('the page', () => {
  let studio: StudioApp;
  test.beforeEach(async ({ launch }) => {
    studio = await launch();
  });

  test('has no Node and a bridge of two functions', async () => {
    const seen = await studio.page.evaluate(() => ({
      require: typeof Reflect.get(globalThis, 'require'),
      process: typeof Reflect.get(globalThis, 'process'),
      module: typeof Reflect.get(globalThis, 'module'),
      Buffer: typeof Reflect.get(globalThis, 'Buffer'),
      bridge: Object.keys(window.studio).sort(),
      isolated: globalThis.crossOriginIsolated,
      secure: globalThis.isSecureContext,
      origin: globalThis.location.origin,
    }));
    expect(seen).toEqual({
      require: 'undefined',
      process: 'undefined',
      module: 'undefined',
      Buffer: 'undefined',
      bridge: ['invoke', 'openFeed'],
      isolated: true,
      secure: true,
      origin: 'app://studio',
    });
    await expectCleanPage(studio);
  });

  test('cannot change the bridge', async () => {
    const changed = await studio.page.evaluate(() => {
      'use strict';
      const attempts: string[] = [];
      const attempt = (name: string, change: () => void): void => {
        try {
          change();
          attempts.push(name);
        } catch (error) {
          if (!(error instanceof TypeError)) throw error;
        }
      };
      attempt('replace', () => Reflect.set(window, 'studio', {}) || fail());
      attempt('extend', () => Reflect.set(window.studio, 'more', 1) || fail());
      function fail(): never {
        throw new TypeError('refused');
      }
      return attempts;
    });
    expect(changed).toEqual([]);
  });

  test('runs in a sandboxed, isolated renderer', async () => {
    const preferences = await studio.electron.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>;
      };
      const { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag } = contents.getLastWebPreferences();
      return { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag };
    });
    expect(preferences).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
  });

  test('is confined by the kernel, or the app says that it is not', async () => {
    test.skip(process.platform !== 'linux', 'reads /proc');
    const info = await studio.invoke('app:info', undefined);
    const pid = await studio.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
    );
    const seccomp = /^Seccomp:\s*(\d)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
    if (process.getuid?.() === 0) {
      expect(seccomp).toBe('0');
      expect(info.warnings.join()).toContain('sandbox');
      await expect(studio.byId(TEST_ID.warning).first()).toBeVisible();
    } else {
      expect(seccomp).toBe('2');
      expect(info.warnings).toEqual([]);
      await expect(studio.byId(TEST_ID.warning)).toHaveCount(0);
    }
  });

  test('can only use channels of the contract, with right arguments', async () => {
    const answers = await studio.page.evaluate(async () => {
      const rejected = async (channel: unknown): Promise<string> =>
        window.studio.invoke(channel as string, undefined).then(
          () => 'answered',
          (error: unknown) => String(error),
        );
      return {
        unknown: await rejected('shell:run'),
        internal: await rejected('ELECTRON_BROWSER_GET_BUILTIN'),
        object: await rejected({ toString: () => 'app:info' }),
        extra: await window.studio.invoke('run:list', { trash: false, more: true }),
        path: await window.studio.invoke('run:get', { id: '../../../etc/passwd' }),
        file: await window.studio.invoke('data:preview', { source: { file: '/etc/passwd' } }),
      };
    });
    expect(answers.unknown).toContain('unknown channel');
    expect(answers.internal).toContain('unknown channel');
    expect(answers.object).toContain('unknown channel');
    expect(answers.extra).toMatchObject({ ok: false, error: { code: 'bad_request' } });
    expect(answers.path).toMatchObject({ ok: false, error: { code: 'bad_request' } });
    expect(answers.file).toMatchObject({ ok: false, error: { code: 'spec_invalid' } });
  });

  test('cannot run text as code', async () => {
    const ran = await studio.page.evaluate(async () => {
      const marks: string[] = [];
      Reflect.set(globalThis, '__mark', (name: string) => marks.push(name));
      // What the debugger itself calls may use eval; what comes after a turn of the event loop may not.
      await new Promise((resolve) => setTimeout(resolve, 0));
      const attempt = (name: string, run: () => unknown): void => {
        try {
          run();
          if (name === 'eval' || name === 'Function') marks.push(name);
        } catch (error) {
          if (!(error instanceof EvalError || error instanceof TypeError)) throw error;
        }
      };
      attempt('eval', () => (0, eval)('1'));
      attempt('Function', () => new Function('return 1')());
      attempt('script', () => {
        const script = document.createElement('script');
        script.append('__mark("inline script")');
        document.body.append(script);
      });
      attempt('innerHTML', () => {
        const box = document.createElement('div');
        document.body.append(box);
        box.innerHTML = '<img src="app://studio/none.png" onerror="__mark(\'onerror\')">';
      });
      attempt('srcdoc', () => {
        const frame = document.createElement('iframe');
        frame.srcdoc = '<script>parent.__mark("frame")<' + '/script>';
        document.body.append(frame);
      });
      attempt('handler', () => {
        const button = document.createElement('button');
        button.setAttribute('onclick', '__mark("handler")');
        document.body.append(button);
        button.click();
      });
      attempt('worker', () => new Worker(URL.createObjectURL(new Blob(['1']))));
      attempt('timer', () => setTimeout('__mark("timer")' as unknown as () => void, 0));
      await new Promise((resolve) => setTimeout(resolve, 300));
      return marks;
    });
    expect(ran).toEqual([]);
    // The counter the other tests rely on sees what was tried here.
    expect((await studio.policyViolations()).length).toBeGreaterThan(2);
  });

  test('reaches no network and no file', async () => {
    const answers = await studio.page.evaluate(async () => {
      const load = async (url: string): Promise<string> =>
        fetch(url).then(
          (response) => `answered ${response.status}`,
          () => 'refused',
        );
      const socket = new Promise<string>((resolve) => {
        try {
          const opened = new WebSocket('ws://127.0.0.1:9/');
          opened.onopen = () => resolve('opened');
          opened.onerror = () => resolve('refused');
        } catch (error) {
          resolve(error instanceof DOMException ? 'refused' : String(error));
        }
      });
      return {
        http: await load('http://127.0.0.1:9/'),
        https: await load('https://example.invalid/'),
        file: await load('file:///etc/passwd'),
        host: await load('app://other/index.html'),
        outside: await load('app://studio/..%2f..%2fpackage.json'),
        dots: await load('app://studio/%2e%2e/%2e%2e/package.json'),
        socket: await socket,
      };
    });
    expect(answers).toEqual({
      http: 'refused',
      https: 'refused',
      file: 'refused',
      host: 'refused',
      outside: 'answered 404',
      dots: 'answered 404',
      socket: 'refused',
    });
  });

  test('the network is cut off below the policy too', async () => {
    const refused = await studio.electron.evaluate(async ({ session }) => {
      const load = (url: string): Promise<string> =>
        session.defaultSession.fetch(url).then(
          (response) => `answered ${response.status}`,
          (error: unknown) => String(error),
        );
      return [await load('http://127.0.0.1:9/'), await load('https://example.invalid/')];
    });
    for (const answer of refused) expect(answer).toContain('ERR_BLOCKED_BY_CLIENT');
  });

  test('stays where it is', async () => {
    const before = studio.page.url();
    await studio.page.evaluate(() => {
      const link = (href: string, target: string): void => {
        const anchor = document.createElement('a');
        Object.assign(anchor, { href, target });
        document.body.append(anchor);
        anchor.click();
      };
      link('https://example.invalid/', '_self');
      link('file:///etc/passwd', '_self');
      link('app://studio/other.html', '_self');
      link('https://example.invalid/', '_blank');
      link('app://studio/index.html', '_blank');
      globalThis.location.assign('https://example.invalid/');
      const form = document.createElement('form');
      form.action = 'https://example.invalid/';
      document.body.append(form);
      form.submit();
    });
    await studio.page.waitForTimeout(500);
    expect(studio.page.url()).toBe(before);
    expect(await studio.page.evaluate(() => window.open('app://studio/index.html'))).toBeNull();
    expect(await studio.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  test('gets no permission, no device and no webview', async () => {
    const answers = await studio.page.evaluate(async () => {
      const name = (error: unknown): string => (error instanceof Error ? error.name : String(error));
      const tried = async (attempt: () => Promise<unknown>): Promise<string> =>
        attempt().then(
          () => 'granted',
          (error: unknown) => name(error),
        );
      const webview = document.createElement('webview');
      webview.setAttribute('src', 'https://example.invalid/');
      document.body.append(webview);
      return {
        notification: await Notification.requestPermission(),
        position: await new Promise<string>((resolve) =>
          navigator.geolocation.getCurrentPosition(
            () => resolve('granted'),
            (error) => resolve(error.code === error.PERMISSION_DENIED ? 'denied' : 'other'),
          ),
        ),
        clipboard: await tried(() => navigator.clipboard.readText()),
        midi: await tried(() => navigator.requestMIDIAccess()),
        display: await tried(() => navigator.mediaDevices.getDisplayMedia()),
        webview: typeof Reflect.get(webview, 'loadURL'),
      };
    });
    expect(answers.notification).toBe('denied');
    expect(answers.position).toBe('denied');
    expect(answers.clipboard).toBe('NotAllowedError');
    expect(answers.midi).not.toBe('granted');
    expect(answers.display).not.toBe('granted');
    expect(answers.webview).toBe('undefined');
  });

  test('the headers are on every answer', async () => {
    const headers = await studio.page.evaluate(async () => {
      const response = await fetch('app://studio/index.html');
      return Object.fromEntries(response.headers.entries());
    });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toMatch(/unsafe-inline|'unsafe-eval'/);
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  test('a frame inside the page cannot be made to ask', async () => {
    const frames = await studio.page
      .evaluate(async () => {
        const frame = document.createElement('iframe');
        frame.src = 'app://studio/index.html';
        document.body.append(frame);
        await new Promise((resolve) => setTimeout(resolve, 500));
        return typeof Reflect.get(frame.contentWindow ?? {}, 'studio');
      })
      .catch(() => 'unreachable');
    expect(['undefined', 'unreachable']).toContain(frames);
  });
});

test('a second app for the same home folder shows the first one and ends', async ({ launch }) => {
  const first = await launch();
  await first.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
  const { spawn } = await import('node:child_process');
  const { electronLaunchOptions } = await import('../../scripts/electron-runtime.mjs');
  const appFolder = process.env['DESCENT_E2E_APP'];
  const { executablePath, args, env } = electronLaunchOptions({
    env: { ...process.env, DESCENT_HOME: first.home },
    ...(appFolder === undefined ? {} : { appFolder }),
  });
  const second = spawn(executablePath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  second.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const code = await new Promise((resolve) => second.once('exit', resolve));
  expect(code).toBe(0);
  expect(said).toContain('already open');
  await expect
    .poll(() => first.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized()))
    .toBe(false);
});
