/** Questions and news that go through the system, for when there is no page to show them. */

import { dialog, Notification, type BrowserWindow } from 'electron';
import type { Busy, CloseDecision } from './closing.ts';
import type { Texts } from './texts.ts';

/** Asks what to do with training runs when the window closes. */
export async function askBeforeClosing(
  texts: Texts,
  { running, sweeps }: Busy,
  parent: BrowserWindow | null,
): Promise<CloseDecision> {
  const answers: readonly (readonly [string, CloseDecision])[] = [
    [texts.keepTraining, 'keep'],
    [texts.pauseAndClose, 'pause-and-close'],
    [texts.stopAndClose, 'stop-and-close'],
    [texts.cancel, 'cancel'],
  ];
  const box = {
    type: 'question' as const,
    title: 'Descent',
    message: sweeps > 0 ? texts.stillSearching(sweeps) : texts.stillTraining(running),
    detail: sweeps > 0 ? texts.stillSearchingDetail : texts.stillTrainingDetail,
    buttons: answers.map(([label]) => label),
    defaultId: 0,
    cancelId: 3,
    noLink: true,
  };
  const { response } = await (parent === null ? dialog.showMessageBox(box) : dialog.showMessageBox(parent, box));
  return answers[response]?.[1] ?? 'cancel';
}

/** A page that died too often: tries again, or saves everything and leaves? */
export async function askAfterCrash(
  texts: Texts,
  reason: string,
  parent: BrowserWindow | null,
): Promise<'reload' | 'leave'> {
  const box = {
    type: 'error' as const,
    title: 'Descent',
    message: texts.pageGone,
    detail: texts.pageGoneDetail(reason),
    buttons: [texts.reloadWindow, texts.quitNow],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  };
  const { response } = await (parent === null ? dialog.showMessageBox(box) : dialog.showMessageBox(parent, box));
  return response === 1 ? 'leave' : 'reload';
}

/** Shows a notification where the desktop has them. */
export function notifyPerson(title: string, body: string): void {
  if (Notification.isSupported()) new Notification({ title, body }).show();
}
