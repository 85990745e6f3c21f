/** Toasts, and the question whether to close while runs train. */

import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { i18n } from '../i18n.ts';
import { failureOf } from '../text/failure.ts';

export interface ToastAction {
  readonly label: string;
  readonly keyCap?: string;
  readonly run: () => void | Promise<void>;
}

export interface Toast {
  readonly id: number;
  readonly kind: 'plain' | 'success' | 'danger';
  readonly message: string;
  readonly action: ToastAction | null;
  /** How long it stays while nobody looks at it, milliseconds. */
  readonly staysMs: number;
}

/** At most this many at once; the oldest gives way. */
export const MAX_TOASTS = 3;
const STAYS_MS = 6_000;
const STAYS_WITH_ACTION_MS = 10_000;

export const useNoticesStore = defineStore('notices', () => {
  const toasts = shallowRef<readonly Toast[]>([]);
  /** Number of runs that still train when the window was asked to close; null: not asked. */
  const closing = shallowRef<number | null>(null);
  let lastId = 0;

  /** Shows a toast and returns its id. */
  function show(message: string, options: { kind?: Toast['kind']; action?: ToastAction } = {}): number {
    lastId++;
    const { kind = 'plain' } = options;
    // A problem told twice is one toast; what can be done about it stays with it.
    const same = toasts.value.find((toast) => kind === 'danger' && toast.kind === kind && toast.message === message);
    const action = options.action ?? same?.action ?? null;
    const staysMs = action === null ? STAYS_MS : STAYS_WITH_ACTION_MS;
    const others = toasts.value.filter((toast) => toast !== same);
    toasts.value = [...others, { id: lastId, kind, message, action, staysMs }].slice(-MAX_TOASTS);
    return lastId;
  }

  function dismiss(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
  }

  /** Shows anything that was thrown: the title in the person's language, then the error's own line. */
  function problem(error: unknown, action?: ToastAction): number {
    const { code, detail } = failureOf(error);
    const { t } = i18n.global;
    const text = t('errors.withDetail', { title: t(`errors.code.${code}`), detail });
    return show(text, action === undefined ? { kind: 'danger' } : { kind: 'danger', action });
  }

  return { toasts, closing, show, dismiss, problem };
});
