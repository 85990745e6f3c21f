/** How long the page takes to answer: from the input event to the frame that shows it, by the page's own clock. */

import type { Page } from '@playwright/test';

/** What is looked at: an attribute of every element that matches, in order. */
export interface Sight {
  readonly selector: string;
  readonly attribute: string;
  /** Answered when it reads so; left out: when it reads differently than before the event. */
  readonly wanted?: RegExp;
}

/**
 * Does something, and gives the milliseconds from the first event of that type to the frame in which `sight` has
 * changed, painted: what a person feels, without the time the test's own connection takes.
 */
export async function timeAnswer(page: Page, event: string, sight: Sight, act: () => Promise<void>): Promise<number> {
  const measured = page.evaluate(
    ([type, selector, attribute, wanted]) =>
      new Promise<number>((resolve, reject) => {
        const read = (): string =>
          [...document.querySelectorAll(selector)].map((element) => element.getAttribute(attribute) ?? '').join(' ');
        const pattern = wanted === null ? null : new RegExp(wanted);
        globalThis.addEventListener(
          type,
          ({ timeStamp }) => {
            const before = read();
            const giveUp = performance.now() + 20_000;
            const look = (): void => {
              const now = read();
              if (pattern === null ? now === before : !pattern.test(now)) {
                if (performance.now() < giveUp) requestAnimationFrame(look);
                else reject(new Error(`${type} was not answered: ${selector} ${attribute} still reads ${now}`));
                return;
              }
              // The frame this change belongs to has been painted when the next one begins.
              requestAnimationFrame(() => resolve(performance.now() - timeStamp));
            };
            // In the same task nothing has happened yet.
            requestAnimationFrame(look);
          },
          { once: true, capture: true },
        );
        Reflect.set(globalThis, '__listening', true);
      }),
    [event, sight.selector, sight.attribute, sight.wanted?.source ?? null] as const,
  );
  measured.catch(() => undefined);
  await page.waitForFunction(() => Reflect.get(globalThis, '__listening') === true);
  await page.evaluate(() => Reflect.set(globalThis, '__listening', false));
  await act();
  return measured;
}
