/** Mounts a component into the document of a test, with the app's plugins and in English. */

import { createPinia } from 'pinia';
import { createApp, h, nextTick, shallowReactive, type Component } from 'vue';
import { i18n } from '../../../renderer/i18n.ts';

export interface Mounted {
  readonly root: HTMLElement;
  /** Changes props and waits until they show. */
  readonly set: (props: Record<string, unknown>) => Promise<void>;
  readonly unmount: () => void;
  /** The one element with this test id. Throws when there is none. */
  readonly byId: (testId: string) => HTMLElement;
}

/** `slot` is the default slot's text. Listeners are props: `onClick`. */
export function mount(component: Component, props: Record<string, unknown> = {}, slot?: string): Mounted {
  const state = shallowReactive({ ...props });
  const root = document.createElement('div');
  document.body.append(root);
  const app = createApp({
    render: () => h(component, { ...state }, slot === undefined ? {} : { default: () => slot }),
  });
  app.use(createPinia());
  app.use(i18n);
  app.mount(root);
  return {
    root,
    async set(next) {
      Object.assign(state, next);
      await nextTick();
    },
    unmount() {
      app.unmount();
      root.remove();
    },
    byId(testId) {
      const found = document.querySelector<HTMLElement>(`[data-testid="${testId}"]`);
      if (found === null) throw new Error(`nothing has the test id ${testId}`);
      return found;
    },
  };
}
