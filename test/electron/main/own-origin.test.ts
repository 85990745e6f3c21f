import { expect, test } from 'vitest';
import { isAllowedRequest, isOwnUrl, staysOnPage } from '../../../electron/main/own-origin.ts';
import { isOwnFrame } from '../../../electron/main/ipc/answer.ts';

test.each([
  ['app://studio/index.html', true],
  ['app://studio/', true],
  ['app://studio.example/', false],
  ['app://studio@other/', false],
  ['app://studio:80/', false],
  ['https://studio/index.html', false],
  ['file:///index.html', false],
  ['about:blank', false],
  ['', false],
])('%s is ours: %s', (url, ours) => {
  expect(isOwnUrl(url)).toBe(ours);
});

test.each([
  ['app://studio/x.js', true],
  ['blob:app://studio/1', true],
  ['data:image/png;base64,', true],
  ['http://127.0.0.1/', false],
  ['https://example.invalid/', false],
  ['ws://127.0.0.1/', false],
  ['file:///etc/passwd', false],
  ['ftp://example.invalid/', false],
])('a request for %s may go on: %s', (url, allowed) => {
  expect(isAllowedRequest(url)).toBe(allowed);
});

test('a page stays where it is', () => {
  const page = 'app://studio/index.html#/runs';
  expect(staysOnPage(page, 'app://studio/index.html#/data')).toBe(true);
  expect(staysOnPage(page, 'app://studio/other.html')).toBe(false);
  expect(staysOnPage(page, 'file:///index.html')).toBe(false);
  expect(staysOnPage('', 'https://example.invalid/index.html')).toBe(false);
});

test('only the top frame of our own page may ask', () => {
  expect(isOwnFrame({ url: 'app://studio/index.html', parent: null })).toBe(true);
  expect(isOwnFrame({ url: 'app://studio/index.html', parent: {} })).toBe(false);
  expect(isOwnFrame({ url: 'file:///index.html', parent: null })).toBe(false);
  expect(isOwnFrame({ url: '', parent: null })).toBe(false);
  expect(isOwnFrame(null)).toBe(false);
});
