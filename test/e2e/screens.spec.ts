/** Every screen opens in both languages and both themes, with every text there and no rule of the policy broken. */

import { fillDigitsForm, goTo, openForm, openRun, train, waitForStatus } from './support/pages.ts';
import type { StudioApp } from './support/studio-app.ts';
import { expect, expectCleanPage, test } from './support/test.ts';
import { TEST_ID } from './support/test-ids.ts';

/** A key of the message files shown in place of its text: "runs.empty.title". */
const MESSAGE_KEY =
  /^(frame|runs|run|newRun|compare|settings|data|notices|text|chart|charts|sweep|analysis)\.[a-zA-Z.-]+$/;

async function expectTexts(studio: StudioApp, language: 'en' | 'zh-CN'): Promise<void> {
  const texts = await studio.page.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) found.push(walker.currentNode.textContent?.trim() ?? '');
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
      for (const name of ['aria-label', 'title', 'placeholder']) found.push(element.getAttribute(name) ?? '');
    }
    return found.filter((text) => text !== '');
  });
  expect(texts.filter((text) => MESSAGE_KEY.test(text))).toEqual([]);
  // The choice of languages names each in its own words.
  const chinese = texts.filter((text) => /[\u4e00-\u9fff]/.test(text) && text !== '简体中文');
  if (language === 'en') expect(chinese).toEqual([]);
  else expect(chinese.length).toBeGreaterThan(3);
}

for (const language of ['en', 'zh-CN'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`every screen, ${language}, ${theme}`, async ({ launch }) => {
      const studio = await launch({ settings: { language, theme } });
      const look = async (): Promise<void> => {
        await expectTexts(studio, language);
        await expectCleanPage(studio);
        const wide = await studio.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(wide).toBeLessThanOrEqual(0);
      };
      await expect(studio.byId(TEST_ID.runsEmpty)).toBeVisible();
      await look();
      expect(await studio.page.evaluate(() => getComputedStyle(document.body).colorScheme)).toContain(theme);
      const background = await studio.electron.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.getBackgroundColor(),
      );
      expect(background?.toLowerCase()).toBe(theme === 'dark' ? '#0e1014' : '#f3f4f6');
      await openForm(studio);
      await fillDigitsForm(studio, 3);
      await look();
      const id = await train(studio);
      await waitForStatus(studio, 'completed');
      await look();
      await goTo(studio, 'compare');
      await look();
      await studio.page.keyboard.press('r');
      await expect(studio.byId(TEST_ID.raceLane)).toHaveCount(5);
      await look();
      await studio.byId(TEST_ID.raceStart).click();
      await expect(studio.byId(TEST_ID.raceAgain)).toBeVisible({ timeout: 60_000 });
      await look();
      await goTo(studio, 'sweeps');
      await look();
      await studio.byId(TEST_ID.newSweep).click();
      await studio.byId(TEST_ID.sweepPreset('tpe-asha')).click();
      await studio.byId(TEST_ID.sweepBudget('trials')).fill('4');
      await studio.byId(TEST_ID.sweepBudget('epochsPerTrial')).fill('3');
      await look();
      await studio.byId(TEST_ID.sweepBaseEdit).click();
      await look();
      await studio.byId(TEST_ID.sweepStart).click();
      await expect(studio.byId(TEST_ID.sweepStatus)).toHaveAttribute('data-status', 'completed', { timeout: 60_000 });
      await look();
      for (const place of ['runs', 'compare', 'sweeps', 'data', 'settings'] as const) {
        await goTo(studio, place);
        await look();
      }
      await openRun(studio, id);
      await look();
    });
  }
}

test('theme and language change at once and are remembered', async ({ launch }) => {
  const studio = await launch();
  await goTo(studio, 'settings');
  await studio.byId(TEST_ID.settingsTheme('dark')).click();
  const scheme = () => studio.page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  await expect.poll(scheme).toBe(true);
  const menu = () => studio.electron.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map(({ label }) => label));
  expect(await menu()).toContain('File');
  await studio.byId(TEST_ID.settingsLanguage('zh-CN')).click();
  await expect.poll(menu).toContain('文件');
  await expectTexts(studio, 'zh-CN');
  await studio.close();

  const again = await launch({ home: studio.home });
  await goTo(again, 'settings');
  await expectTexts(again, 'zh-CN');
  expect(await again.invoke('settings:get', undefined)).toMatchObject({ theme: 'dark', language: 'zh-CN' });
});

test('the menu opens pages', async ({ launch }) => {
  const studio = await launch();
  await expect(studio.byId(TEST_ID.pageRuns)).toBeVisible();
  for (const [label, page] of [
    ['Data', TEST_ID.pageData],
    ['Settings', TEST_ID.pageSettings],
    ['Runs', TEST_ID.pageRuns],
    ['New run', TEST_ID.pageNewRun],
  ] as const) {
    await studio.electron.evaluate(({ Menu }, name) => {
      const items = Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items ?? []) ?? [];
      items.find((item) => item.label === name)?.click();
    }, label);
    await expect(studio.byId(page)).toBeVisible();
  }
});
